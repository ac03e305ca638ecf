// What is asked of a page from within: contrast, sizes, and where things are. As text, since it runs in the browser.

/** Each text that can be seen: `{ text, size, contrast, isLarge }`, contrast as WCAG 2.2 defines it. */
export const SEEN_TEXTS = `(() => {
  const channel = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const parse = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = parse(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (node.data.trim() === '' || !element.checkVisibility() || box.width <= 1 || box.height <= 1) continue;
    if (['TITLE', 'DESC', 'STYLE'].includes(element.tagName.toUpperCase())) continue;
    const [a, b] = [luminance(parse(element.ownerSVGElement ? style.fill : style.color)), luminance(behind(element))];
    const size = Number.parseFloat(style.fontSize);
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    texts.push({ text: node.data.trim().slice(0, 40), size, contrast, isLarge: size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) });
  }
  return texts;
})()`;

/** `{ width, inner }` of the document; and what sticks out of it to the right, but what is hidden from sight. */
export const WIDTHS = `({
  width: document.documentElement.scrollWidth,
  inner: document.documentElement.clientWidth,
  outside: [...document.querySelectorAll('main *')]
    .filter((each) => each.checkVisibility() && each.getBoundingClientRect().width > 1)
    .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
    .map((each) => each.tagName + ' ' + each.textContent.slice(0, 30)),
})`;

/** Where the verdict and what may not be overlooked beside it end, in pixels from the top. */
export const HEAD_END = `Math.max(...[...document.querySelectorAll('h1, .alert')].map((each) => each.getBoundingClientRect().bottom))`;

/** Labels of the axis with their middles, and each bar's ends and estimate, in pixels. */
export const PLOT = `(() => {
  const box = (element) => element?.getBoundingClientRect();
  const middle = (element) => { const { left, right } = box(element); return (left + right) / 2; };
  return {
    ticks: [...document.querySelectorAll('.plot .axis text')]
      .filter((each) => each.checkVisibility())
      .map((each) => ({ text: each.textContent, at: middle(each) })),
    bars: [...document.querySelectorAll('.plot li')].map((each) => ({
      label: each.querySelector('.label').textContent,
      left: box(each.querySelector('.interval')).left,
      right: box(each.querySelector('.interval')).right,
      estimate: each.querySelector('.estimate') && middle(each.querySelector('.estimate')),
      cuts: each.querySelectorAll('.cut').length,
      top: box(each.querySelector('.interval')).top,
      rowTop: box(each).top,
      rowBottom: box(each).bottom,
    })),
  };
})()`;

/** Labels of the course's scale with their middles, and its intervals from top to bottom, in pixels. */
export const COURSE = `(() => {
  const box = (element) => element.getBoundingClientRect();
  return {
    levels: [...document.querySelectorAll('.course .scale text')].map((each) => ({ text: each.textContent, at: (box(each).top + box(each).bottom) / 2 })),
    lines: [...document.querySelectorAll('.course .tick, .course .zero')].map((each) => box(each).top),
    intervals: [...document.querySelectorAll('.course .interval')].map((each) => ({ left: box(each).left, top: box(each).top, bottom: box(each).bottom })),
    estimates: [...document.querySelectorAll('.course .estimate')].map((each) => ({ left: (box(each).left + box(each).right) / 2, at: (box(each).top + box(each).bottom) / 2 })),
  };
})()`;
