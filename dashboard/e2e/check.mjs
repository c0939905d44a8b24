// Opens the page of a running stack in a browser and holds it to its promises: every metric shows a number and its
// status, numbers change without a reload, ages run, and nothing is said on the console.
//
//   node dashboard/e2e/check.mjs --url http://127.0.0.1:8080 --screenshot out.png --timeout-seconds 90
//
// Prints one line of JSON; exits with 0 when all holds, 1 when it does not, 2 on a wrong call.
import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { launch, listen } from "./browser.mjs";

const REQUIRED = ["revenue_per_minute", "page_views_per_minute", "active_users"];
const CHANGING = ["revenue_per_minute", "page_views_per_minute"];
const STATUSES = ["provisional", "fresh", "final", "corrected"];
const USAGE =
  "usage: check.mjs --url URL [--screenshot FILE] [--timeout-seconds N] [--metrics a,b] [--color-scheme light|dark]";

class Failure extends Error {}

function options() {
  const { values } = parseArgs({
    options: {
      url: { type: "string" },
      screenshot: { type: "string" },
      "timeout-seconds": { type: "string", default: "90" },
      metrics: { type: "string", default: REQUIRED.join(",") },
      "color-scheme": { type: "string", default: "light" },
      width: { type: "string", default: "1440" },
    },
  });
  const seconds = Number(values["timeout-seconds"]);
  if (values.url === undefined) throw new TypeError("--url is missing");
  if (!(seconds > 0)) throw new TypeError("--timeout-seconds must be a number above 0");
  return { ...values, seconds, metrics: values.metrics.split(",") };
}

/** Waits until `predicate` holds in the page; fails with what was expected and what stands there instead. */
async function until(page, deadline, expected, predicate, argument) {
  try {
    const handle = await page.waitForFunction(predicate, argument, {
      timeout: Math.max(1, deadline - performance.now()),
      polling: 50,
    });
    return await handle.jsonValue();
  } catch (error) {
    if (error.name !== "TimeoutError") throw error;
    throw new Failure(`${expected}. ${await describe(page)}`);
  }
}

/** What the page shows, in one sentence, for a failure's message. */
function describe(page) {
  return page.evaluate(() => {
    const cards = [...document.querySelectorAll("[data-testid=metric-card]")].map(
      (card) => `${card.dataset.metric}: ${card.dataset.state}`,
    );
    const connection = document.querySelector("[data-testid=connection]")?.textContent ?? "none";
    const notice = document.querySelector("[data-testid=error]")?.textContent ?? "";
    return `On the page: connection ${connection}; ${cards.join(", ") || "no metrics"}. ${notice}`.trim();
  });
}

// These run in the page.
function allShow({ metrics, statuses }) {
  const shown = metrics.map((metric) => {
    const card = document.querySelector(`[data-metric="${metric}"]`);
    const value = card?.querySelector("[data-role=headline-value]");
    const status = card?.querySelector("[data-role=headline] [data-role=status]");
    const ok =
      value?.dataset.value && value.textContent.trim() !== "" && statuses.includes(status?.dataset.status);
    return ok ? [metric, { value: value.textContent, status: status.dataset.status }] : null;
  });
  return shown.includes(null) ? null : Object.fromEntries(shown);
}

function anyShows() {
  return document.querySelector('[data-role=headline-value]:not([data-value=""])') !== null;
}

function numbersOf(metrics) {
  return metrics.map((metric) => {
    const headlines = document.querySelectorAll(`[data-metric="${metric}"] [data-role=headline]`);
    return [...headlines].map((headline) => {
      const value = headline.querySelector("[data-role=headline-value]");
      return [headline.dataset.facet, headline.dataset.windowStart, value?.dataset.value];
    });
  });
}

function changed({ metrics, before, source }) {
  // A function sent to the page cannot see its neighbours, so the reader comes along as text.
  const now = new Function(`return (${source})`)()(metrics);
  for (const [i, metric] of metrics.entries()) {
    for (const [facet, ...from] of before[i]) {
      const to = now[i].find(([other]) => other === facet)?.slice(1);
      if (to !== undefined && JSON.stringify(to) !== JSON.stringify(from)) return { metric, facet, from, to };
    }
  }
  return null;
}

async function check(page, errors, { url, screenshot, seconds, metrics }) {
  const started = performance.now();
  const deadline = started + seconds * 1000;
  const since = () => Math.round(performance.now() - started);
  let reloads = -1;
  page.on("framenavigated", (frame) => {
    if (frame === page.mainFrame()) reloads += 1;
  });

  const response = await page.goto(url, { timeout: seconds * 1000 }).catch((error) => {
    throw new Failure(`${url} cannot be opened: ${error.message.split("\n")[0]}`);
  });
  if (!response?.ok()) throw new Failure(`${url} answered ${response?.status()}, not 200`);

  await until(page, deadline, "No metric showed a number", anyShows);
  const first_number_ms = since();
  const expected = `Not all of ${metrics.join(", ")} showed a number with a status`;
  const headlines = await until(page, deadline, expected, allShow, { metrics, statuses: STATUSES });
  const all_numbers_ms = since();

  await until(page, deadline, "The connection did not become live", () => {
    return document.querySelector("[data-testid=connection]")?.dataset.state === "live";
  });
  const watched = CHANGING.filter((metric) => metrics.includes(metric));
  const changing = watched.length > 0 ? watched : metrics;
  const before = await page.evaluate(numbersOf, changing);
  const watchedFrom = since();
  const change = await until(page, deadline, `No number of ${changing.join(", ")} changed`, changed, {
    metrics: changing,
    before,
    source: numbersOf.toString(),
  });
  const changed_after_ms = since() - watchedFrom;

  const age = await page.textContent("[data-role=headline] [data-role=age]");
  await until(
    page,
    deadline,
    `The age stood still at "${age}"`,
    (text) => document.querySelector("[data-role=headline] [data-role=age]")?.textContent !== text,
    age,
  );
  const ages = await page.locator("[data-role=headline] [data-role=age]").allTextContents();

  if (screenshot !== undefined) {
    await mkdir(dirname(resolve(screenshot)), { recursive: true });
    await page.screenshot({ path: screenshot, fullPage: true });
  }
  if (reloads > 0) throw new Failure(`The page loaded itself again ${reloads} times`);
  if (errors.length > 0) throw new Failure(`${errors.length} errors on the console; first: ${errors[0]}`);
  return { first_number_ms, all_numbers_ms, changed_after_ms, changed: change, headlines, ages };
}

let given;
try {
  given = options();
} catch (error) {
  console.error(`${error.message}\n${USAGE}`);
  process.exit(2);
}
const browser = await launch();
try {
  const page = await browser.newPage({
    colorScheme: given["color-scheme"],
    viewport: { width: Number(given.width), height: 900 },
  });
  const errors = listen(page);
  const found = await check(page, errors, given);
  console.log(JSON.stringify({ ok: true, ...found, screenshot: given.screenshot ?? null }));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.log(JSON.stringify({ ok: false, reason: error.message }));
  process.exitCode = 1;
} finally {
  await browser.close();
}
