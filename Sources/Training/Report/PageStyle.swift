/// The look of the report's page. It stands inside an XML page, so it has no `<` and no `&`.
enum PageStyle {
  static let text = """
    :root {
      color-scheme: light dark;
      --paper: #ffffff; --ink: #1c1f23; --faint: #5b636d; --line: #e1e5ea; --soft: #f5f7f9;
      --accent: #1279bd;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #14171b; --ink: #e6e9ed; --faint: #9aa4b0; --line: #2b3138; --soft: #1b1f24;
        --accent: #5cb3ea;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
      overflow-wrap: break-word;
    }
    main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
    header { border-top: 3px solid var(--accent); padding-top: 1.25rem; }
    h1 {
      margin: 0 0 .75rem; max-width: 24em; font-size: clamp(1.5rem, 1.1rem + 2vw, 2.25rem);
      line-height: 1.2; font-weight: 650; letter-spacing: -.015em; text-wrap: balance;
    }
    h2 {
      margin: 0 0 1rem; padding-top: 1rem; border-top: 1px solid var(--line);
      font-size: 1.25rem; line-height: 1.3; font-weight: 650; letter-spacing: -.005em;
    }
    h3 { margin: 0 0 .5rem; font-size: .9375rem; line-height: 1.4; font-weight: 600; }
    p { margin: 0 0 .75rem; }
    section { margin-top: 3rem; }
    .part + .part { margin-top: 2rem; }
    .kicker { margin-bottom: .5rem; color: var(--accent); font-size: .875rem; font-weight: 600; }
    .lede { max-width: 40em; margin-bottom: 1.75rem; color: var(--faint); font-size: 1.0625rem; }
    .note { max-width: 46em; margin: .5rem 0; color: var(--faint); font-size: .8125rem; }
    .figures {
      display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: 1px;
      margin: 0; border: 1px solid var(--line); border-radius: 6px; overflow: hidden;
    }
    .figures div { display: flex; flex-direction: column-reverse; justify-content: flex-end;
      padding: .75rem .875rem; box-shadow: 0 0 0 1px var(--line); }
    .figures dt { color: var(--faint); font-size: .8125rem; line-height: 1.3; }
    .figures dd { margin: 0; font-size: 1.375rem; line-height: 1.35; font-weight: 600;
      font-variant-numeric: tabular-nums; white-space: nowrap; }
    .figures div:first-child dd { color: var(--accent); }
    .charts { display: grid; gap: 1.5rem 2rem; align-items: start;
      grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); }
    .beside { display: grid; gap: 1.5rem 2.5rem; align-items: start;
      grid-template-columns: minmax(0, 1fr); }
    .beside .note { margin-top: 0; }
    .scroll { max-width: 100%; overflow-x: auto; -webkit-overflow-scrolling: touch; }
    table { border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.4;
      font-variant-numeric: tabular-nums; }
    th, td { padding: .3125rem .75rem; border-bottom: 1px solid var(--line); text-align: left;
      vertical-align: baseline; }
    th:first-child, td:first-child { padding-left: 0; }
    th:last-child, td:last-child { padding-right: 0; }
    th { font-weight: 400; }
    thead th { color: var(--faint); font-size: .8125rem; border-bottom-color: var(--faint);
      white-space: nowrap; }
    tfoot th, tfoot td { border-top: 1px solid var(--faint); border-bottom: 0; font-weight: 600; }
    .n { text-align: right; white-space: nowrap; }
    .compact { max-width: 44rem; }
    .facts { table-layout: fixed; }
    .facts thead { display: none; }
    .facts th { width: 36%; color: var(--faint); }
    .pictures { display: grid; gap: 1rem .75rem; margin-top: .875rem;
      grid-template-columns: repeat(auto-fill, minmax(5.75rem, 1fr)); }
    figure { margin: 0; min-width: 0; }
    figure img { display: block; width: 100%; height: auto; image-rendering: pixelated;
      border-radius: 3px; }
    figcaption { margin-top: .3125rem; color: var(--faint); font-size: .8125rem;
      line-height: 1.3; }
    details { margin-top: 1rem; }
    summary { cursor: pointer; color: var(--accent); font-size: .875rem; }
    details .scroll, pre { max-height: 28rem; overflow: auto; }
    details .scroll { margin-top: .5rem; }
    pre { margin: .5rem 0 0; padding: .875rem 1rem; background: var(--soft); border-radius: 6px;
      font: .8125rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
    @media (min-width: 54rem) {
      .beside:not(.large) { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
    }
    @media (max-width: 30rem) {
      main { padding: 1.25rem 1rem 3rem; }
      .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
      .pictures { grid-template-columns: repeat(3, minmax(0, 1fr)); }
      th, td { padding-left: .5rem; padding-right: .5rem; }
    }
    @media print {
      :root { color-scheme: light; --paper: #fff; --ink: #000; --faint: #444; --line: #ccc;
        --soft: #fff; --accent: #0b5f96; }
      body { font-size: 10.5pt; }
      main { max-width: none; padding: 0; }
      section { margin-top: 1.5rem; }
      h2, h3 { break-after: avoid; }
      tr, figure, svg, .figures { break-inside: avoid; }
      .scroll, pre { overflow: visible; max-height: none; }
      pre { white-space: pre-wrap; }
    }

    """
}
