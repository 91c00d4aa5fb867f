// How far a mirror is behind.

/** `{total, most, partition}` in records; null before the first fetch. Never negative. */
export function lagOf(mirror) {
  const known = mirror.mirror_lags.filter(({ lag }) => lag >= 0);
  if (!known.length) return { total: null, most: null, partition: null };
  const worst = known.reduce((found, item) => (item.lag > found.lag ? item : found));
  return { total: known.reduce((sum, { lag }) => sum + lag, 0), most: worst.lag, partition: worst.partition };
}
