// How components reach the store, and the time.
import { createContext, useCallback, useContext, useSyncExternalStore } from "react";
import type { RowsView } from "../store/rows.ts";
import type { PageState, Store } from "../store/store.ts";

export const StoreContext = createContext<Store | null>(null);

export function useStore(): Store {
  const store = useContext(StoreContext);
  if (store === null) throw new Error("a component outside of StoreContext asked for the store");
  return store;
}

export function usePage(): PageState {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, () => store.page);
}

export function useRows(metric: string): RowsView {
  const store = useStore();
  const subscribe = useCallback(
    (listener: () => void) => store.subscribeTo(metric, listener),
    [store, metric],
  );
  return useSyncExternalStore(subscribe, () => store.view(metric));
}

/** The server's time, renewed every so many milliseconds. */
export function useServerTime(everyMs: number): number {
  const ticker = useStore().ticker(everyMs);
  return useSyncExternalStore(ticker.subscribe, () => ticker.time);
}
