/** The icons, drawn on a 24-unit grid. They are decoration: what they stand for is said in text beside them. */

const PATHS = {
  play: "M8 5.2v13.6a.8.8 0 0 0 1.2.7l10.6-6.8a.8.8 0 0 0 0-1.4L9.2 4.5A.8.8 0 0 0 8 5.2Z",
  pause: "M7 4.5h3v15H7zM14 4.5h3v15h-3z",
  again: "M12 5V1.8L7.2 6.2 12 10.6V7.2a5.4 5.4 0 1 1-5.4 5.4H4.4A7.6 7.6 0 1 0 12 5Z",
  sound: "M4 9.2v5.6h3.6L12.4 19V5L7.6 9.2H4Zm11 .1v5.4a3.4 3.4 0 0 0 0-5.4Zm0-4.1v2.1a5 5 0 0 1 0 9.4v2.1a7 7 0 0 0 0-13.6Z",
  silent: "M4 9.2v5.6h3.6L12.4 19V5L7.6 9.2H4Zm16.4 1-1.3-1.3-1.9 1.9-1.9-1.9L14 10.2l1.9 1.8-1.9 1.9 1.3 1.3 1.9-1.9 1.9 1.9 1.3-1.3-1.9-1.9 1.9-1.8Z",
  expand: "M4.5 9.5v-5h5v2h-3v3h-2Zm10-5h5v5h-2v-3h-3v-2Zm5 10v5h-5v-2h3v-3h2Zm-10 5h-5v-5h2v3h3v2Z",
  gear: "m10.3 3-.4 2.3c-.5.2-1 .5-1.5.8L6.2 5.3 4.5 8.3l1.8 1.5a6.6 6.6 0 0 0 0 1.7l-1.8 1.5 1.7 3 2.2-.8c.5.3 1 .6 1.5.8l.4 2.3h3.4l.4-2.3c.5-.2 1-.5 1.5-.8l2.2.8 1.7-3-1.8-1.5a6.6 6.6 0 0 0 0-1.7l1.8-1.5-1.7-3-2.2.8c-.5-.3-1-.6-1.5-.8L13.7 3h-3.4ZM12 8.5a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4Z",
  captions: "M3 5h18v14H3V5Zm2 2v10h14V7H5Zm1.5 4.2h5V13h-5v-1.8Zm6.5 0h4.5V13H13v-1.8ZM6.5 14h3v1.6h-3V14Zm4.5 0h6.5v1.6H11V14Z",
  upload: "M11 15.5V7.6L8.1 10.5 6.7 9.1 12 3.8l5.3 5.3-1.4 1.4L13 7.6v7.9h-2ZM5 17.5h14v2H5z",
  search: "M10.5 4a6.5 6.5 0 0 1 5.2 10.4l4.4 4.4-1.4 1.4-4.4-4.4A6.5 6.5 0 1 1 10.5 4Zm0 2a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Z",
  person: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8Zm0 10c4.4 0 8 2 8 4.5V20H4v-1.5C4 16 7.6 14 12 14Z",
  star: "m12 3 2.7 5.8 6.3.8-4.6 4.4 1.2 6.3L12 17.2l-5.6 3.1 1.2-6.3L3 9.6l6.3-.8L12 3Z",
  check: "m9.6 17.4-5-5L6 11l3.6 3.6L18 6.2l1.4 1.4-9.8 9.8Z",
  cross: "M6.4 5 5 6.4l5.6 5.6L5 17.6 6.4 19l5.6-5.6 5.6 5.6 1.4-1.4-5.6-5.6L19 6.4 17.6 5 12 10.6 6.4 5Z",
  alert: "M12 3 2 20.5h20L12 3Zm-1 7h2v5h-2v-5Zm0 6.5h2v2h-2v-2Z",
  more: "M6 10.3a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Zm6 0a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Zm6 0a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
  keys: "M3 6h18v12H3V6Zm2 2v8h14V8H5Zm1.5 1.5h2v2h-2v-2Zm3 0h2v2h-2v-2Zm3 0h2v2h-2v-2Zm3 0h2v2h-2v-2ZM8 13h8v1.8H8V13Z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} fill="currentColor" />
    </svg>
  );
}

/** The mark: lines of a log that make a play button. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {[5, 11, 17, 11, 5].map((width, line) => (
        <rect key={line} x="4" y={2.5 + line * 4} width={width} height="3" rx="1.5" fill="currentColor" />
      ))}
    </svg>
  );
}
