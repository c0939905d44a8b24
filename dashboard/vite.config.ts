// How the page is built: into ../build/dashboard, from where the stack serves it on the API's own origin.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// In development Vite serves the page and passes API calls on to a running stack.
const api = process.env["API_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "./",
  plugins: [react()],
  build: { outDir: "../build/dashboard", emptyOutDir: true, target: "es2022", reportCompressedSize: true },
  server: {
    host: "127.0.0.1",
    proxy: { "/v1": api, "/live": { target: api, ws: true } },
  },
});
