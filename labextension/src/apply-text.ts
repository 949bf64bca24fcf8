/** The parts of making an edit that need no notebook. Pure. */

/** The shortest edit that makes one text of another, so that cursors and other people's edits stay where they are. */
export function shortest(
  before: string,
  after: string
): { start: number; end: number; text: string } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) {
    start++;
  }
  let tail = 0;
  while (
    tail < most - start &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail++;
  }
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}

/** An output as it was sent lacks the data of its images; they are put back from the one that it came from. */
export function whole(output: any, before: any[]): any {
  if (!output.data) {
    return output;
  }
  const data = { ...output.data };
  for (const mime of Object.keys(data)) {
    if (data[mime] === '') {
      const from = before.find(old => old.data?.[mime]);
      data[mime] = from?.data[mime] ?? '';
    }
  }
  return { ...output, data };
}
