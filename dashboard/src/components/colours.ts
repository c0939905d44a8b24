// A series keeps its colour while it is shown, whatever its rank.
import { OTHER } from "../select/facets.ts";

/** Colours are custom properties `--series-0` … of the style sheet, where light and dark are told apart. */
const COLOURS = 6;

export class Colours {
  readonly #slots = new Map<string, number>();

  /** Gives each id a colour: its own where it has one, else the first that is free. */
  assign(ids: readonly string[]): ReadonlyMap<string, string> {
    for (const id of this.#slots.keys()) if (!ids.includes(id)) this.#slots.delete(id);
    const taken = new Set(this.#slots.values());
    for (const id of ids) {
      if (id === OTHER || this.#slots.has(id)) continue;
      let slot = 0;
      while (taken.has(slot)) slot += 1;
      taken.add(slot);
      this.#slots.set(id, slot);
    }
    return new Map(
      ids.map((id) => [
        id,
        id === OTHER ? "var(--series-other)" : `var(--series-${(this.#slots.get(id) ?? 0) % COLOURS})`,
      ]),
    );
  }
}
