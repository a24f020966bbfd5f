export function tell(): void {
  console.log("told to nobody");
}
