// Runs before the first paint, so it is a classic script. What only works with script is shown only with it. An address
// with a question shows the answer at once: the introduction steps back, and the list waits for the script instead of
// showing cases that were not asked for.
document.documentElement.classList.add("js");
if (location.search.length > 1) {
  document.documentElement.classList.add("asked");
}
