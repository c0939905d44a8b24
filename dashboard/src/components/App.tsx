// The page: header, and a card for each metric of the catalogue.
import { inReadingOrder } from "../select/plan.ts";
import type { Store } from "../store/store.ts";
import { StoreContext, usePage, useStore } from "./context.ts";
import { Header } from "./Header.tsx";
import { MetricCard } from "./MetricCard.tsx";

function Cards() {
  const store = useStore();
  const { catalogue } = usePage();
  switch (catalogue.kind) {
    case "loading":
      return (
        <div className="cards" aria-busy="true" role="status" aria-label="Loading the metrics">
          {["wide", "wide", "normal", "small"].map((size, index) => (
            <div key={`${size}${index < 2 ? index : ""}`} className="card" data-size={size}>
              <div className="skeleton" />
            </div>
          ))}
        </div>
      );
    case "error":
      return (
        <div className="notice" role="alert" data-testid="error">
          <h2>The metrics cannot be read</h2>
          <p>{catalogue.message}</p>
          <p className="muted">The page tries again by itself every few seconds.</p>
          <button type="button" onClick={() => void store.loadCatalogue()}>
            Try now
          </button>
        </div>
      );
    case "ready":
      if (catalogue.plans.length === 0) {
        return (
          <div className="notice" role="status" data-testid="no-metrics">
            <h2>No metrics yet</h2>
            <p>
              A folder with a query in <code>sql/metrics/</code> becomes a chart here once it is deployed.
            </p>
          </div>
        );
      }
      return (
        <div className="cards">
          {inReadingOrder(catalogue.plans).map((plan) => (
            <MetricCard key={plan.metric.name} plan={plan} />
          ))}
        </div>
      );
  }
}

export function App({ store }: { store: Store }) {
  return (
    <StoreContext value={store}>
      <Header />
      <main>
        <Cards />
      </main>
    </StoreContext>
  );
}
