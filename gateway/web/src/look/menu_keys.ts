/** The keys of an open menu (ARIA menu button pattern): arrows, Home and End go round, Escape closes. */

export function onMenuKey(press: KeyboardEvent, root: HTMLElement | null, role: "menuitem" | "menuitemradio", close: () => void): void {
  const items = [...(root?.querySelectorAll<HTMLElement>(`[role=${role}]`) ?? [])];
  if (items.length === 0) return;
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 };
  const next = to[press.key];
  if (press.key === "Escape") close();
  else if (next !== undefined) items[next % items.length]?.focus();
  else return;
  press.preventDefault();
  press.stopPropagation();
}
