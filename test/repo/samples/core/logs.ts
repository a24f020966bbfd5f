export function tell(message: string): void {
  console.log(message);
}
