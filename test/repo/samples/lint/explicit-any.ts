export function read(answer: any): string {
  return answer.name;
}
