// Shows the OpenAPI description with Swagger UI, which comes along as a package. Keys stay in this window's memory.
"use strict";

const place = document.getElementById("docs");
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [findsByEveryWord, asksForTheKeyFirst],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});

/** Swagger UI's own filter knows tags alone: this one looks into paths, summaries, scopes and names as well. */
function findsByEveryWord(system) {
  const h = system.React.createElement;
  const said = (tag, call) => {
    const operation = call.get("operation");
    const parts = [tag, call.get("method"), call.get("path"), ...["summary", "operationId", "x-required-scope"].map((name) => operation.get(name))];
    return parts.join(" ").toLowerCase();
  };
  const opsFilter = (tagged, phrase) => {
    const words = phrase.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (tag) => (call) => words.every((word) => said(tag, call).includes(word));
    return tagged
      .map((group, tag) => group.set("operations", group.get("operations").filter(fits(tag))))
      .filter((group) => group.get("operations").size > 0);
  };
  const FilterContainer = ({ layoutSelectors, layoutActions }) => {
    const filter = layoutSelectors.currentFilter();
    const input = h("input", {
      className: "docs-filter",
      type: "search",
      placeholder: "Find a call: by path, method, summary, scope or group",
      value: typeof filter === "string" && filter !== "true" ? filter : "",
      onChange: (event) => layoutActions.updateFilter(event.target.value),
    });
    return h("div", { className: "wrapper" }, h("label", null, h("span", { className: "visually-hidden" }, "Find a call"), input));
  };
  return { fn: { opsFilter }, components: { FilterContainer } };
}

/** The dialog of keys would put the cursor into its last box, which only Perspective's clients need. */
function asksForTheKeyFirst() {
  const focusFirst = () => document.querySelector(".auth-container input")?.focus();
  const showDefinitions = (original) => (shown) => {
    const result = original(shown);
    if (shown) requestAnimationFrame(focusFirst);
    return result;
  };
  return { statePlugins: { auth: { wrapActions: { showDefinitions } } } };
}
