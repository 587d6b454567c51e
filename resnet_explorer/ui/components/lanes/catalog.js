// The catalogue of orderings, words and families; it never changes while a page is open.
let askServer = null;
let answer = null;

export function connectCatalog(ask) {
  askServer = ask;
}

export function catalog() {
  answer ??= askServer().catch((error) => {
    answer = null;
    throw error;
  });
  return answer;
}
