// Whether the page is dark now.
export function dark() {
  return document.documentElement.classList.contains("dark");
}
