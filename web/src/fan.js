/** Spread events that share one point: positions in pixels around it, on a ring or, for many, on a spiral. */

/**
 * @param {number} count
 * @returns {{x: number, y: number}[]}
 */
export function fanOffsets(count) {
  if (count <= 10) {
    const radius = Math.max(36, 9 + count * 6.4);
    return Array.from({ length: count }, (_, index) => {
      const angle = (2 * Math.PI * index) / count - Math.PI / 2;
      return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
    });
  }
  let angle = 0;
  let radius = 34;
  return Array.from({ length: count }, () => {
    angle += 34 / radius;
    radius += 170 / (radius + 8);
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
  });
}
