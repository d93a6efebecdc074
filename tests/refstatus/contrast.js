// The contrast by WCAG 2.2 of each word of a badge or outcome against what is painted behind it, as
// [contrast, classes and words], worst first. Takes a picture of the whole page, in base64, at any
// scale.
async (picture) => {
  const response = await fetch(`data:image/png;base64,${picture}`);
  const image = await createImageBitmap(await response.blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  const painted = canvas.getContext("2d", { willReadFrequently: true });
  painted.drawImage(image, 0, 0);
  const scale = image.width / innerWidth;
  const mixed = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

  // Letters cover less than half of a word's box: the most frequent color is the background.
  const background = (box) => {
    const { data } = painted.getImageData(
      Math.floor((box.x + scrollX) * scale), Math.floor((box.y + scrollY) * scale),
      Math.ceil(box.width * scale), Math.ceil(box.height * scale));
    const counts = new Map();
    for (const pixel of new Uint32Array(data.buffer)) {
      counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    }
    const [most] = [...counts].reduce((most, one) => (one[1] > most[1] ? one : most));
    return `rgb(${new Uint8Array(Uint32Array.of(most).buffer).slice(0, 3).join(" ")})`;
  };
  const paint = (...layers) => {
    mixed.globalAlpha = 1;
    for (const [color, opacity] of layers) {
      mixed.globalAlpha = opacity;
      mixed.fillStyle = color;
      mixed.fillRect(0, 0, 1, 1);
    }
    return [...mixed.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (color) => color
    .map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const opacity = (element) =>
    element ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1;

  return [...document.querySelectorAll(".refstatus, .behavior-outcome")]
    .filter((element) => element.checkVisibility())
    .map((element) => {
      const word = document.createRange();
      word.selectNodeContents(element);
      const behind = background(word.getClientRects()[0]);
      const ink = [getComputedStyle(element).color, opacity(element)];
      const [high, low] = [paint([behind, 1]), paint([behind, 1], ink)]
        .map(luminance).sort((a, b) => b - a);
      return [(high + 0.05) / (low + 0.05), `${element.className}: ${element.textContent}`];
    })
    .sort((a, b) => a[0] - b[0]);
}
