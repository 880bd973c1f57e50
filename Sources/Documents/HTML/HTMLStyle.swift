/// The look of a page: a quiet textbook. It stands inside an XML page, so it has no `<` and no `&`.
enum HTMLStyle {
  static let text = """
    :root {
      color-scheme: light dark;
      --paper: #fffefb; --ink: #1f2226; --faint: #5d636b; --line: #e2dfd7; --soft: #f6f4ee;
      --accent: #0b5f8f; --good: #1a7f37; --bad: #b3261e; --doubtful: #8a5a00;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #15181b; --ink: #e4e3df; --faint: #a0a5ab; --line: #31363b; --soft: #1d2125;
        --accent: #7cc0ea; --good: #66c285; --bad: #f2857c; --doubtful: #dfb04a;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: break-word;
      font: 1.0625rem/1.6 "Iowan Old Style", "Palatino Linotype", Palatino, "Source Serif 4",
        Charter, Georgia, "Noto Serif", "DejaVu Serif", serif;
    }
    :lang(zh) body, body:lang(zh) {
      line-height: 1.75;
      font-family: "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", STSong, SimSun, serif;
    }
    :lang(zh) mtext {
      font-family: "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", STSong, SimSun, serif;
    }
    main { max-width: 44rem; margin: 0 auto; padding: 3.5rem 1.25rem 5rem; }
    h1, h2, h3, h4, h5, h6 { line-height: 1.25; font-weight: 600; text-wrap: balance; }
    h1 { margin: 0 0 2rem; font-size: clamp(1.625rem, 1.3rem + 1.8vw, 2.25rem); }
    h2 {
      margin: 3.25rem 0 1rem; padding-top: .875rem; border-top: 1px solid var(--line);
      font-size: 1.4375rem;
    }
    h3 { margin: 2.25rem 0 .625rem; font-size: 1.1875rem; }
    h4, h5, h6 { margin: 1.75rem 0 .5rem; font-size: 1.0625rem; }
    h5, h6 { font-weight: 400; font-style: italic; }
    p { margin: 0 0 .875rem; }
    ul { margin: 0 0 .875rem; padding-left: 1.375rem; }
    li { margin: .25rem 0; }
    code {
      font: .875em ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
      overflow-wrap: anywhere;
    }
    math {
      font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", "Libertinus Math",
        "DejaVu Math TeX Gyre", math;
      font-size: 1.0625em;
    }
    mtable mtd { text-align: left; padding-left: 0; padding-right: 0; }
    mtable mtd + mtd { padding-left: .875em; }
    :is(p, li, th, td, caption, figcaption) mfrac > * { math-depth: add(0); font-size: .84em; }
    .chain {
      display: grid; grid-template-columns: max-content max-content minmax(0, 1fr);
      align-items: baseline; column-gap: .375rem; row-gap: .125rem; margin: 1rem 0 1.375rem;
      padding-left: 1.5rem; line-height: 1.7;
    }
    .chain .lead { grid-column: 1; text-align: right; }
    .chain .sign { grid-column: 2; }
    .chain .side { grid-column: 3; min-width: 0; }
    .chain.alone, .chain.long { grid-template-columns: max-content minmax(0, 1fr); }
    .chain.alone .side, .chain.long .lead { grid-column: 1 / -1; text-align: left; }
    .chain.long .sign { grid-column: 1; padding-left: 1.25rem; }
    .chain.long .side { grid-column: 2; }
    .chain .lead, .chain .side {
      min-width: 0; padding: .125rem 0; overflow-x: auto; overflow-y: hidden;
      scrollbar-width: thin;
    }
    .chain .side { padding-left: 1.5rem; text-indent: -1.5rem; }
    .chain math { padding: .25rem 0; text-indent: 0; }
    :lang(zh) p math, :lang(zh) li math, :lang(zh) code { margin: 0 .1875em; }
    .result { color: var(--accent); }
    .scroll { max-width: 100%; overflow-x: auto; scrollbar-width: thin; }
    div.scroll:has(table) { margin: 1rem 0 1.5rem; }
    table {
      border-collapse: collapse; font-size: .9375rem; line-height: 1.45;
      font-variant-numeric: tabular-nums lining-nums;
    }
    caption {
      padding-bottom: .5rem; text-align: left; color: var(--faint); font-style: italic;
    }
    th, td {
      padding: .375rem .875rem; border-bottom: 1px solid var(--line); text-align: left;
      vertical-align: baseline; font-weight: 400;
    }
    td:first-child, th:first-child { padding-left: 0; }
    td:last-child, th:last-child { padding-right: 0; }
    thead th { border-bottom-color: var(--faint); color: var(--faint); white-space: nowrap; }
    tbody tr:last-child > * { border-bottom-color: var(--faint); }
    .n { text-align: right; white-space: nowrap; }
    .c { text-align: center; }
    figure { margin: 1.5rem 0 2rem; }
    figure svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
    .whole { white-space: nowrap; }
    @media screen and (max-width: 32rem) {
      /* Lettering stays legible: a wide picture scrolls rather than shrinks. */
      .picture svg { max-width: none; height: auto; zoom: .8; }
    }
    figcaption {
      margin-top: .625rem; color: var(--faint); font-size: .9375rem; text-align: center;
      text-wrap: balance;
    }
    .remark {
      display: grid; grid-template-columns: 1.25rem minmax(0, 1fr); margin: 1rem 0;
      padding: .5rem .875rem; border-left: 3px solid var(--tone); background: var(--soft);
    }
    .remark p { margin: 0; }
    .mark { color: var(--tone); font-family: "DejaVu Sans", "Segoe UI Symbol", sans-serif; }
    .neutral { --tone: var(--faint); }
    .good { --tone: var(--good); }
    .bad { --tone: var(--bad); }
    .doubtful { --tone: var(--doubtful); }
    @media (max-width: 36rem) {
      body { font-size: 1rem; }
      main { padding: 1.5rem 1rem 3rem; }
      h2 { margin-top: 2.5rem; }
      .chain { padding-left: .25rem; }
      .chain.medium { grid-template-columns: max-content minmax(0, 1fr); }
      .chain.medium .lead { grid-column: 1 / -1; text-align: left; }
      .chain.medium .sign { grid-column: 1; padding-left: .75rem; }
      .chain.medium .side { grid-column: 2; }
      .chain.long .sign { padding-left: .75rem; }
      .chain .side { padding-left: .75rem; text-indent: -.75rem; }
      th, td { padding-left: .5rem; padding-right: .5rem; }
    }
    @media print {
      :root {
        color-scheme: light; --paper: #fff; --ink: #000; --faint: #444; --line: #ccc;
        --soft: #fff; --accent: #0b4f78; --good: #155f2a; --bad: #9a1b14; --doubtful: #6b4600;
      }
      @page { margin: 20mm; }
      body { font-size: 10.5pt; }
      main { max-width: none; padding: 0; }
      h1, h2, h3, h4, h5, h6 { break-after: avoid; }
      h2 { margin-top: 1.75rem; }
      .sign, .side, .lead, tr, figure, .remark { break-inside: avoid; }
      .scroll, .chain .lead, .chain .side { overflow: visible; }
      thead { display: table-header-group; }
      p { orphans: 3; widows: 3; }
    }

    """
}
