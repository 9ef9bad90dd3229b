// Before the page is drawn: light or dark, for the widgets too; stills step back for them.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;
  const apply = (isDark) => {
    root.dataset.jpThemeLight = String(!isDark);
    root.style.colorScheme = isDark ? "dark" : "light";
  };
  const follow = () => apply(chosen ?? dark.matches);
  follow();
  dark.addEventListener("change", follow);
  document.addEventListener("DOMContentLoaded", () =>
    document.getElementById("theme").addEventListener("click", () => {
      chosen = !(chosen ?? dark.matches);
      follow();
    }),
  );
  // On paper: dark on white, and nothing folded away.
  let opened = [];
  addEventListener("beforeprint", () => {
    apply(false);
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    follow();
  });
})();
