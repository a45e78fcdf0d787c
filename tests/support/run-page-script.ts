/** Runs pieces of a page's program outside a browser: enough of one stands in for the parts that only compute. */
import { createContext, runInContext } from "node:vm";

const nothing = () => undefined;

/** The program's names as a function: give it an expression, get its value. `data` is the page's JSON. */
export function runPageScript(scripts: readonly string[], data: object): (expression: string) => unknown {
  const element = { textContent: JSON.stringify(data) };
  const context = createContext({
    document: {
      getElementById: (id: string) => (id === "data" ? element : null),
      querySelectorAll: () => [],
    },
    matchMedia: () => ({ addEventListener: nothing }),
    addEventListener: nothing,
    setTimeout,
    clearTimeout,
    atob,
    IntersectionObserver: class {
      observe = nothing;
    },
  });
  runInContext(scripts.join("\n"), context);
  return (expression) => {
    const value: unknown = runInContext(expression, context);
    // Arrays and objects of another realm compare unequal to ours.
    return typeof value === "object" ? JSON.parse(JSON.stringify(value)) : value;
  };
}
