// Puts the built page before a stand-in server and into the states that a healthy stack is seldom in: empty, failing,
// degraded, cut off, with a gap, with a wrong clock, on a phone, by keyboard. Needs `npm run build`.
//
//   node dashboard/e2e/states.mjs [--screenshots DIR] [--only NAME]
//
// Prints one line a state; exits with 1 when one does not hold.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch, listen } from "./browser.mjs";
import { startFakeServer } from "./fake_server.mjs";

const WAIT_MS = 20_000;
const value = '[data-metric="revenue_per_minute"] [data-role="headline-value"]';
const connection = (state) => `[data-testid="connection"][data-state="${state}"]`;

function expect(holds, message) {
  if (!holds) throw new Error(message);
}

/** Waits until the element's text is another one. */
async function changes(page, selector) {
  const before = await page.textContent(selector);
  await page.waitForFunction(
    ([one, text]) => document.querySelector(one)?.textContent !== text,
    [selector, before],
    { timeout: WAIT_MS },
  );
}

const STATES = {
  async "an open page shows numbers, each with status and age, and they change"({ page, errors }) {
    await page.waitForSelector(connection("live"));
    await page.waitForSelector(value);
    await changes(page, value);
    const bare = await page.$$eval("[data-role=headline]", (headlines) =>
      headlines.filter(
        (one) => !one.querySelector("[data-role=status]") || !one.querySelector("[data-role=age]"),
      ),
    );
    expect(bare.length === 0, `${bare.length} headlines have no status or no age`);
    expect(errors.length === 0, `errors on the console: ${errors.join("; ")}`);
  },

  async "a page before the first event waits, and shows it when it comes"({ page, server }) {
    await page.waitForSelector('[data-metric="revenue_per_minute"][data-state="empty"]');
    await page.screenshotState?.();
    server.state.rows = true;
    await page.waitForSelector(value);
  },

  async "a page without metrics says how to get one"({ page }) {
    await page.waitForSelector("[data-testid=no-metrics]");
  },

  async "a catalogue that cannot be read is said so, and read as soon as it can be"({ page, server }) {
    const text = await page.textContent("[data-testid=error]");
    expect(text.includes("pipeline build"), `the server's message is missing: ${text}`);
    await page.screenshotState?.();
    server.state.catalogue = "ok";
    await page.waitForSelector(value);
  },

  async "a degraded stack is said so in words"({ page }) {
    const text = await page.textContent("[data-testid=health]");
    expect(text.includes("cache (Valkey) is not answering"), `the banner says: ${text}`);
    await page.waitForSelector(value);
  },

  async "a cut connection comes back by itself and resumes"({ page, server }) {
    await page.waitForSelector(connection("live"));
    await page.waitForSelector(value);
    server.state.live = "refused";
    server.cut();
    await page.waitForSelector(connection("reconnecting"));
    await page.screenshotState?.();
    expect((await page.textContent(value)) !== "", "the number went away with the connection");
    server.state.live = "ok";
    await page.waitForSelector(connection("live"), { timeout: WAIT_MS });
    await changes(page, value);
    expect(server.asked.subscribes.at(-1)?.resume !== undefined, "it did not resume");
  },

  async "without a WebSocket the page polls"({ page }) {
    await page.waitForSelector(connection("polling"), { timeout: WAIT_MS });
    await page.waitForSelector(value);
    await changes(page, value);
  },

  async "without a server at all the page says so and keeps its numbers"({ page, server }) {
    await page.waitForSelector(value);
    await server.close();
    await page.waitForSelector("[data-testid=offline]", { timeout: WAIT_MS });
    expect((await page.textContent(value)) !== "", "the number went away with the server");
  },

  async "a gap in the sequence is asked for again"({ page, server }) {
    await page.waitForSelector(connection("live"));
    const before = server.asked.subscribes.length;
    server.state.skip = 1;
    await page.waitForFunction(() => document.querySelector("[data-role=headline-value]") !== null);
    const deadline = performance.now() + WAIT_MS;
    while (server.asked.subscribes.length === before && performance.now() < deadline)
      await changes(page, "[data-testid=clock]");
    const [asked] = server.asked.subscribes.slice(before);
    expect(asked?.topics.length === 1 && asked.resume !== undefined, `asked for: ${JSON.stringify(asked)}`);
    await changes(page, `[data-metric="${asked.topics[0].split("/")[1]}"] [data-role="headline-value"]`);
  },

  async "a browser whose clock is ten minutes behind shows right ages"({ page }) {
    await page.waitForSelector(value);
    await page.waitForFunction(() =>
      /^[0-4]\.\d s ago$/.test(
        document.querySelector("[data-role=headline] [data-role=age]")?.textContent ?? "",
      ),
    );
  },

  async "a phone shows everything without scrolling sideways"({ page }) {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.waitForSelector(value);
    await page.waitForSelector("svg[role=img]");
    const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(content <= window, `the page is ${content} px wide on a screen of ${window} px`);
  },

  async "the chart is read by keyboard, and as a table"({ page }) {
    const card = page.locator('[data-metric="page_views_per_minute"]');
    const slider = card.locator("input[type=range]").first();
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    const tooltip = card.locator("[data-testid=tooltip]");
    await tooltip.waitFor();
    expect(
      (await slider.getAttribute("aria-valuetext")).includes("laptops"),
      "the slider does not say its numbers",
    );
    await page.screenshotState?.();
    await card.getByRole("button", { name: "Table" }).click();
    await card.getByRole("button", { name: "About" }).click();
    expect((await card.locator("tbody tr").count()) > 10, "the table has too few rows");
  },
};

const SERVER = {
  "a page before the first event waits, and shows it when it comes": { rows: false },
  "a page without metrics says how to get one": { catalogue: "empty" },
  "a catalogue that cannot be read is said so, and read as soon as it can be": { catalogue: "error" },
  "a degraded stack is said so in words": { health: "degraded" },
  "without a WebSocket the page polls": { live: "refused" },
  "a browser whose clock is ten minutes behind shows right ages": { clockMs: 600_000 },
};

const { values: given } = parseArgs({
  options: { screenshots: { type: "string" }, only: { type: "string" } },
});
if (given.screenshots !== undefined) await mkdir(given.screenshots, { recursive: true });
const browser = await launch();
let failed = 0;
try {
  for (const [name, state] of Object.entries(STATES)) {
    if (given.only !== undefined && !name.includes(given.only)) continue;
    const server = await startFakeServer(SERVER[name]);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(WAIT_MS);
    const errors = listen(page);
    const shoot = async (suffix = "") => {
      if (given.screenshots === undefined) return;
      const file = `${name.replaceAll(/\W+/g, "_").slice(0, 60)}${suffix}.png`;
      await page.screenshot({ path: join(given.screenshots, file), fullPage: true });
    };
    page.screenshotState = () => shoot("_before");
    try {
      await page.goto(server.url);
      await state({ page, server, errors });
      console.log(`ok    ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL  ${name}\n      ${error.message.replaceAll("\n", "\n      ")}`);
    } finally {
      await shoot();
      await page.close();
      await server.close();
    }
  }
} finally {
  await browser.close();
}
process.exitCode = failed > 0 ? 1 : 0;
