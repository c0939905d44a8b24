// The room an element has been given, in whole pixels.
import { type RefObject, useEffect, useRef, useState } from "react";
import type { Box } from "../select/scales.ts";

export function useSize<T extends Element>(): readonly [RefObject<T | null>, Box] {
  const ref = useRef<T>(null);
  const [size, setSize] = useState<Box>({ width: 0, height: 0 });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const { width, height } = entry.contentRect;
      setSize({ width: Math.floor(width), height: Math.floor(height) });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}
