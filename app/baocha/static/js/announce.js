// Short messages after an action, at the bottom of the page, which screen readers speak.

let timer = 0;

export function announceText(text, isError = false) {
  const place = document.querySelector(".announced");
  place.textContent = text;
  place.classList.toggle("none", isError);
  place.classList.add("shown");
  clearTimeout(timer);
  timer = setTimeout(() => place.classList.remove("shown"), isError ? 12000 : 4000);
}
