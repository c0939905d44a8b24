// The page's start.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./components/App.tsx";
import { Store } from "./store/store.ts";
import "./styles/page.css";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element #root");

const store = new Store(location.href);
store.start();
createRoot(root).render(
  <StrictMode>
    <App store={store} />
  </StrictMode>,
);
