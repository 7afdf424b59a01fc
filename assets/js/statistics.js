/** Intervals for shares. Shares and differences are between 0 and 1 and -1 and 1. */

/** The 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * Wilson's score interval for a share, without continuity correction.
 * Wilson E. B. (1927), "Probable inference, the law of succession, and statistical inference", Journal of the American
 * Statistical Association 22, 209-212.
 * @param {number} count @param {number} size at least 1 @returns {[number, number]} 95 % limits
 */
export function wilson(count, size) {
  const middle = count + (Z * Z) / 2;
  const reach = Z * Math.sqrt((count * (size - count)) / size + (Z * Z) / 4);
  const whole = size + Z * Z;
  return [count === 0 ? 0 : (middle - reach) / whole, count === size ? 1 : (middle + reach) / whole];
}

/**
 * The difference of two independent shares, with limits built from their Wilson intervals.
 * Newcombe R. G. (1998), "Interval estimation for the difference between independent proportions: comparison of eleven
 * methods", Statistics in Medicine 17, 873-890; method 10.
 * @param {number} count1 @param {number} size1 at least 1 @param {number} count2 @param {number} size2 at least 1
 * @returns {{difference: number, low: number, high: number}} 95 % limits of the first share minus the second
 */
export function newcombe(count1, size1, count2, size2) {
  const [share1, share2] = [count1 / size1, count2 / size2];
  const [low1, high1] = wilson(count1, size1);
  const [low2, high2] = wilson(count2, size2);
  const difference = share1 - share2;
  return {
    difference,
    low: difference - Math.hypot(share1 - low1, high2 - share2),
    high: difference + Math.hypot(high1 - share1, share2 - low2),
  };
}
