export function total(values: readonly number[]): number {
  let sum = 0;
  values.forEach((value) => {
    sum += value;
  });
  return sum;
}
