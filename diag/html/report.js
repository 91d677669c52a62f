// The page of `--format html`: shows what stands in the blocks of JSON (diag/html_data.hpp), each parsed when it is
// first needed. Text of the data goes into the page as text, never as markup.
"use strict";
(() => {
  const findingsAPage = 50, rowsAPage = 100, instancesAPage = 20;
  const printed = { findings: 500, rows: 2000 };  // what goes on paper at most
  const pointedAt = 16;                           // in a cell's state
  const states = ["label", "blank", "unchecked", "exact", "rounding", "waived", "warned", "violated"];
  const signs = { unchecked: "?", exact: "○", rounding: "≈", waived: "◇", warned: "△", violated: "×" };
  const verdicts = ["holds", "rounding", "implausible", "violated", "unmatched", "unknown", "vacuous"];
  const holds = ["pinned", "bounded", "loose", "unchecked"];
  const grades = { error: "×", warning: "△", info: "i", waived: "◇" };

  // English, Japanese. {0} and {1} are replaced.
  const words = {
    contents: ["On this page", "目次"], findings: ["Findings", "指摘"], tables: ["Tables", "表"], rules: ["Rules", "ルール"],
    waivers: ["Waivers by expiry", "適用除外(期限順)"], inputs: ["Files that were read", "読んだファイル"], legend: ["Signs", "凡例"],
    error: ["error", "エラー"], warning: ["warning", "警告"], info: ["note", "情報"], waived: ["waived", "適用除外"],
    "state-blank": ["blank", "空欄"], "state-unchecked": ["unchecked", "未検査"],
    "state-exact": ["holds for the numbers as written", "表記どおりの数値で成立"],
    "state-rounding": ["holds within rounding only", "端数処理の範囲内で成立"],
    "state-waived": ["known finding, waived", "適用除外または既知の指摘"], "state-warned": ["warning", "警告"],
    "state-violated": ["error", "エラー"], "state-pointed": ["a finding points here", "指摘が指すセル"],
    "state-label": ["no figure", "数値ではない"],
    holds: ["holds", "成立"], rounding: ["within rounding", "端数の範囲内"], implausible: ["implausible", "不自然"],
    violated: ["violated", "違反"], unmatched: ["unmatched", "対応する行なし"], unknown: ["unknown", "判定不能"],
    vacuous: ["vacuous", "対象なし"],
    left: ["left", "左辺"], right: ["right", "右辺"], when: ["condition", "条件"], cell: ["cell", "セル"], key: ["key", "キー"],
    gap: ["gap", "隔たり"], side: ["side", "辺"], value: ["as written", "表記の値"],
    range: ["may stand for", "取りうる値"], role: ["role", "役割"], place: ["place", "位置"], text: ["text", "表記"],
    source: ["source", "根拠"], tags: ["tags", "タグ"], note: ["note", "注"], help: ["help", "対処"], severity: ["severity", "重大度"],
    instances: ["instances", "判定"], declared: ["declaration", "宣言"], until: ["until", "期限"], because: ["because", "理由"],
    by: ["by", "担当"], covers: ["findings", "指摘"], rule: ["rule", "ルール"], expired: ["expired", "期限切れ"],
    path: ["file", "ファイル"], bytes: ["bytes", "バイト数"], kind: ["kind", "種類"], data: ["data", "データ"],
    noFindings: ["There are no findings.", "指摘はない。"],
    noRule: ["No rule that could be judged reads this cell.", "判定できたルールのうち、このセルを読むものはない。"],
    noTables: ["The tables are not in this report: the run was interrupted before they were complete.",
               "検査が中断されたため、この報告に表はない。"],
    noTablesAtAll: ["There are no tables.", "表はない。"], notEvaluated: ["not evaluated", "未評価"],
    notSelected: ["not selected", "選択外"],
    rowsLeftOut: ["{0} of {1} rows are not in this report, to keep it small: no finding reads them.",
                  "報告の大きさを抑えるため、指摘に関係しない{0}行({1}行のうち)を省いた。"],
    rowsLeftOutHeld: ["{0} of {1} rows are not in this report, to keep it small: it has those that findings read, and the first {2} figures that no rule checks.",
                      "報告の大きさを抑えるため、{0}行({1}行のうち)を省いた。指摘に関係する行と、未検査の数値のうち最初の{2}個のある行を載せている。"],
    instancesLeftOut: ["{0} instances that are no findings are not in this report, to keep it small.",
                       "報告の大きさを抑えるため、指摘ではない判定{0}件を省いた。"],
    moreHere: ["{0} more are not in this report.", "ほか{0}件はこの報告にない。"],
    moreCells: ["… and {0} more cells", "…ほか{0}セル"], excluded: ["left out by where", "where により除外"],
    page: ["{0} to {1} of {2}", "{2}件のうち{0}〜{1}"], first: ["First", "最初"], previous: ["Previous", "前へ"], next: ["Next", "次へ"],
    last: ["Last", "最後"], pages: ["Pages: {0}", "ページ: {0}"], close: ["Close", "閉じる"],
    showCell: ["show in its table", "表で示す"], loading: ["Still loading …", "読み込み中…"],
    hint: ["Choose a figure to see every rule that reads it. Arrow keys move from figure to figure.",
           "数値を選ぶと、それを読むすべてのルールと計算が見られる。矢印キーで隣の数値へ移る。"],
    notPrinted: ["{0} of {1} are printed.", "{1}件のうち{0}件を印刷した。"],
    views: ["What the tables show", "表に示すもの"], "view-verdicts": ["What was found", "検査の結果"], "view-holds": ["Coverage", "網羅度"],
    pinned: ["pinned", "両側で限定"], bounded: ["bounded", "片側で限定"], loose: ["loose", "限定なし"], unchecked: ["unchecked", "未検査"],
    "means-pinned": ["rules leave it between two ends", "ルールが上下とも限る"],
    "means-bounded": ["rules stop it on one side only", "ルールが片側だけ限る"],
    "means-loose": ["a rule reads it, but stops it on no side", "ルールは読むが、どちら側も限らない"],
    "means-unchecked": ["no rule reads it", "どのルールも読まない"],
    held: ["held", "限定の度合い"], leaves: ["rules leave", "ルールの許す範囲"], heldBy: ["rules that read it", "読むルール"],
    nextHeld: ["Go to the next figure that is {0}", "次の「{0}」の数値へ"],
    sees: ["sees every change of more than {0}", "{0}を超える変化は必ず分かる"], fromTo: ["{0} to {1}", "{0}〜{1}"],
    seesOneSide: ["sees changes to one side only", "片側への変化だけ分かる"],
    seesUnmeasured: ["what it sees is not measured: it compares no sums", "分かる変化は測れない: 和や差の比較でない"],
    slips: ["Slips of the hand", "打ち間違い"], slip: ["slip", "種類"], tried: ["tried", "試した数"], seen: ["seen by a rule", "分かる数"],
    total: ["total", "計"], meant: ["may be meant", "正しくは(推定)"],
    row: ["row", "行"], relation: ["relation", "関係"],
    exactly: ["exactly {0}", "ちょうど{0}"], atLeast: ["at least {0}", "{0}以上"], above: ["above {0}", "{0}超"],
    atMost: ["at most {0}", "{0}以下"], below: ["below {0}", "{0}未満"], any: ["not known", "不明"],
    readBy: ["Instances that read this cell: {0}", "このセルを読む判定: {0}件"],
    nil: ["nil: exactly 0", "皆無(ちょうど0)"], suppressed: ["suppressed: at least 0", "秘匿(0以上)"], blank: ["blank", "空欄"],
    unreadable: ["not readable as a figure", "数値として読めない"], missing: ["no such row", "該当する行がない"],
    markUnknown: ["unknown", "不詳"],
  };

  const byId = (id) => document.getElementById(id);
  const parsed = new Map();
  const block = (id) => {
    if (!parsed.has(id)) {
      const element = byId(id);
      if (!element) return [];
      parsed.set(id, JSON.parse(element.textContent));
      if (parsed.size > 60) parsed.delete([...parsed.keys()][1]);  // of large reports only what was seen last is held
    }
    return parsed.get(id);
  };
  const head = block("head");
  let language = head.language;
  let view = head.coverage ? "holds" : "verdicts";  // what the tables show of each figure
  let loaded = false, printing = false;
  const waiting = [];  // what is to be shown as soon as all blocks are there
  /** Returns what `make` makes; until all blocks are there, a word that it comes. */
  const whenLoaded = (makeIt) => {
    if (loaded) return makeIt();
    const holder = make("p", {}, word("loading"));
    waiting.push(() => holder.replaceWith(makeIt()));
    return holder;
  };

  const word = (name, ...values) =>
    words[name][language === "ja" ? 1 : 0].replace(/\{(\d)\}/g, (_, i) => String(values[i]));
  const said = (text) => Array.isArray(text) ? text[language === "ja" ? 1 : 0] : text;
  const count = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

  /** An element with attributes (`on…`: listeners) and children: elements, texts, or nothing. */
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === undefined || value === null || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
  };
  const hidden = (text) => make("span", { class: "hidden" }, text);
  const signed = (kind, name, sign) =>
    make("span", { class: `grade ${kind}` }, make("span", { class: "sign", "aria-hidden": "true" }, sign), " ", name);

  // ---- numbers

  const number = (exact) => {
    const match = /^(-?)(\d+)(\.\d+)?$/.exec(exact);
    return match ? match[1] + count(match[2]) + (match[3] || "") : exact;
  };
  /** An interval in words; `closed`: 1 the low end belongs to it, 2 the high one. */
  const range = (low, high, closed, unit = "") => {
    const from = low !== "-inf", to = high !== "inf";
    if (!from && !to) return word("any");
    if (low === high) return word("exactly", number(low) + unit);
    const texts = [];
    if (from) texts.push(word(closed & 1 ? "atLeast" : "above", number(low) + unit));
    if (to) texts.push(word(closed & 2 ? "atMost" : "below", number(high) + unit));
    return texts.join(language === "ja" ? "" : ", ");
  };
  const marked = (mark) => mark === "unknown" ? word("markUnknown") : mark in words ? word(mark) : mark;
  const labels = (pairs) => pairs.map(([name, label]) => name ? `${name}: ${label}` : label).join(language === "ja" ? "、" : ", ");

  // ---- what the blocks hold

  const instance = (i) => block(`findings-${Math.floor(i / head.findingsABlock)}`)[i % head.findingsABlock];

  /** Where a row stands among those that are written of its table. */
  const placeOfRow = (t, row) => {
    const table = head.tables[t];
    if (table.written === table.rows) return row;
    let which = 0;
    while (which + 1 < table.firstRows.length && table.firstRows[which + 1] <= row) ++which;
    return which * table.rowsABlock + block(`rows-${t}-${which}`).findIndex((each) => each[0] === row);
  };
  /** A row by that place: { row, kept, key, cells }. */
  const rowAt = (t, place) => {
    const size = head.tables[t].rowsABlock;
    const [row, kept, key, cells] = block(`rows-${t}-${Math.floor(place / size)}`)[place % size];
    return { row, kept, key, cells };
  };
  /** A cell of a row: { text, state, pointed, instances, more, at, mark, low, high, closed }. */
  const cellOf = (cells, column) => {
    const cell = cells[column];
    if (!Array.isArray(cell)) return { text: cell, state: "label", instances: [], more: 0 };
    const [text, state, instances, more, at, mark, low, high, closed] = cell;
    return { text, state: states[state % pointedAt], pointed: state >= pointedAt, instances, more, at, mark, low, high, closed };
  };
  /** How firmly a figure is held, if that is known: { hold, rules, low, high, closed }. */
  const heldAt = (t, place, column) => {
    const size = head.tables[t].rowsABlock;
    const cell = head.coverage && block(`holds-${t}-${Math.floor(place / size)}`)[place % size][column];
    if (!cell?.length) return null;
    const [hold, rules, low, high, closed] = cell;
    return { hold: holds[hold], rules, low, high, closed };
  };
  /** A cell of evidence, also where the finding refers to a table. */
  const evidence = (cell) => {
    if (!Array.isArray(cell)) return cell;
    const [role, t, row, c] = cell;
    const { key, cells } = rowAt(t, placeOfRow(t, row));
    const column = head.tables[t].columns[c];
    return { ...cellOf(cells, c), role, table: head.tables[t].name, field: column.field, across: column.across, key,
             unit: column.unit, ref: [t, row, c] };
  };
  const nameOf = (finding) => finding.rule === undefined ? finding.code : head.rules[finding.rule].name;

  // ---- pages of lists

  /** Prev/next over `total` things; `go` takes the first of a page. */
  const pager = (name, first, size, total, go) => {
    if (total <= size) return null;
    const last = Math.floor((total - 1) / size) * size;
    const button = (label, to, off) =>
      make("button", { type: "button", "data-to": label, disabled: off, onclick: () => go(to, label) }, word(label));
    return make("nav", { class: "pager", "aria-label": word("pages", name) },
      button("first", 0, first === 0), button("previous", Math.max(0, first - size), first === 0),
      make("span", { class: "where" }, word("page", count(first + 1), count(Math.min(total, first + size)), count(total))),
      button("next", first + size, first >= last), button("last", last, first >= last));
  };
  /** Fills `holder` by `draw(first)` for a page, with pagers around it. Focus stays at the button that was used. */
  const paged = (holder, name, size, total, draw, start = 0) => {
    const show = (first, pressed) => {
      const page = () => pager(name, first, size, total, show);
      holder.replaceChildren(...[page(), draw(first, Math.min(total, first + size)), total > size ? page() : null].filter(Boolean));
      if (!pressed) return;
      const same = holder.querySelector(`[data-to=${pressed}]:not(:disabled)`) || holder.querySelector("button:not(:disabled)");
      same?.focus();
    };
    show(start);
  };

  // ---- an instance with its arithmetic

  const side = (name, [value, low, high, closed, unit = ""]) =>
    make("tr", { class: name }, make("th", { scope: "row" }, word(name)),
      low === undefined ? make("td", { class: "value words" }, value)
                        : [make("td", { class: "value" }, number(value), unit && make("span", { class: "unit" }, unit)),
                           make("td", { class: "range" }, range(low, high, closed, unit))]);

  /** A path may be broken at its slashes. */
  const broken = (path) => path.split(/(?<=\/)/).flatMap((part, i) => i ? [make("wbr"), part] : [part]);

  /** `text`, which leads to a cell if that stands in a table of the page. */
  const toCell = (cell, text) =>
    cell.ref ? make("button", { type: "button", class: "link", title: word("showCell"), onclick: () => goToCell(...cell.ref) }, text) : text;
  const columnOf = (cell) => [cell.table, cell.across ? `${cell.field} ${cell.across}` : cell.field].filter(Boolean).join(".");

  const partRow = (cell, primary) => {
    const c = evidence(cell);
    return make("tr", { class: primary ? "primary" : null },
      make("td", {}, words[c.role] ? word(c.role) : c.role),
      make("td", {}, toCell(c, columnOf(c)),
        c.key?.length ? make("span", { class: "labels" }, " ", labels(c.key)) : ""),
      make("td", { class: c.low === undefined ? "text" : "figure text" }, primary ? make("strong", {}, c.text) : c.text),
      make("td", {}, c.mark ? marked(c.mark) : c.low === undefined ? "" : range(c.low, c.high, c.closed, c.unit)),
      make("td", { class: "at" }, broken(c.at || "")));
  };

  const columns = (...names) => make("thead", {}, make("tr", {}, names.map((name) => make("th", { scope: "col" }, word(name)))));
  const scrolled = (label, table, name = "scroll") =>
    make("div", { class: name, role: "region", tabindex: "0", "aria-label": label }, table);

  /** What may have been meant in a cell: the cell, the change, what happened and what it clears. */
  const suggestion = ([cell, change]) => {
    const c = evidence(cell);
    return make("li", {}, toCell(c, columnOf(c)), c.key?.length ? make("span", { class: "labels" }, " ", labels(c.key)) : "", " ",
      said(change).split("`").map((part, i) => i % 2 ? make("strong", {}, part) : part), make("span", { class: "at" }, broken(c.at || "")));
  };

  const arithmetic = (finding) => {
    const out = make("div", { class: "arithmetic" });
    if (finding.left || finding.right) {
      const ranges = [finding.left, finding.right].some((each) => each?.length > 1);
      out.append(scrolled(word("side"), make("table", { class: "sides" }, columns(...["side", "value", "range"].slice(0, ranges ? 3 : 2)), make("tbody", {},
        finding.left ? side("left", finding.left) : "",
        finding.relation ? make("tr", { class: "relation" }, make("th", { scope: "row" }, hidden(word("relation"))),
                                make("td", { class: "value" }, finding.relation)) : "",
        finding.right ? side("right", finding.right) : "",
        finding.gap !== undefined ? make("tr", { class: "gap" }, make("th", { scope: "row" }, word("gap")),
          make("td", { class: "value" }, number(finding.gap), make("span", { class: "unit" }, finding.left?.[4] || "")),
          make("td", {})) : ""))));
    }
    if (finding.cells.length) {
      const rows = finding.cells.map((cell, i) => partRow(cell, i === finding.primary));
      if (finding.cellsOmitted) rows.push(make("tr", {}, make("td", { colspan: "5" }, word("moreCells", count(finding.cellsOmitted)))));
      out.append(scrolled(word("cell"), make("table", { class: "cells" }, columns("role", "cell", "text", "range", "place"),
                                             make("tbody", {}, rows))));
    }
    const rule = finding.rule === undefined ? null : head.rules[finding.rule];
    const more = make("dl", {});
    const say = (name, text) => text && more.append(make("dt", {}, word(name)), make("dd", {}, text));
    for (const note of finding.notes || []) say("note", said(note));
    say("waived", finding.waived === undefined ? "" : said(finding.waived));
    for (const help of finding.helps || []) say("help", said(help));
    if (finding.suggestions) say("meant", make("ul", { class: "meant" }, finding.suggestions.map(suggestion)));
    if (rule) {
      say("source", rule.source);
      say("rule", make("a", { href: `#rule-${finding.rule}` }, rule.name, rule.at ? ` (${rule.at})` : ""));
    }
    if (more.children.length) out.append(more);
    return out;
  };

  const grade = (finding) => finding.waived !== undefined ? "waived" : finding.severity;
  const passes = (finding) => finding.verdict === 0 || finding.verdict === 1;
  const badge = (finding) => passes(finding)
    ? signed(finding.verdict ? "rounding" : "exact", word(verdicts[finding.verdict]), signs[finding.verdict ? "rounding" : "exact"])
    : signed(grade(finding), word(grade(finding)) + (finding.verdict === undefined ? "" : `・${word(verdicts[finding.verdict])}`),
             grades[grade(finding)]);

  /** The rule's name and title, and the labels of the instance. */
  const title = (finding) => [
    make("span", { class: "rule" }, nameOf(finding)), " ",
    finding.rule !== undefined && head.rules[finding.rule].title ? make("span", { class: "title" }, head.rules[finding.rule].title, " ") : "",
    finding.instance ? make("span", { class: "labels" }, labels(finding.instance)) : ""];

  /** An instance that opens, its arithmetic made when it is first open. */
  const entry = (i, open = false) => {
    const finding = instance(i);
    const body = make("div", { class: "body" });
    const fill = () => {
      if (!body.children.length) body.append(whenLoaded(() => arithmetic(finding)));
    };
    const details = make("details", { open: open || printing, "data-instance": i, ontoggle: () => details.open && fill() },
      make("summary", {}, badge(finding), " ", title(finding),
        make("span", { class: "message" }, said(finding.message)), make("span", { class: "at" }, broken(finding.at || ""))),
      body);
    if (open || printing) fill();
    return make("li", { class: `entry ${passes(finding) ? "passes" : grade(finding)}` }, details);
  };

  const heading = (name, total) =>
    make("h2", { id: `${name}-heading`, tabindex: "-1" }, word(name), total === undefined ? "" : make("span", { class: "count" }, ` ${count(total)}`));

  // ---- findings

  const showFindings = () => {
    const section = byId("findings");
    const list = make("div", {});
    section.replaceChildren(heading("findings", head.findings), list);
    section.hidden = false;
    if (!head.findings) return list.append(make("p", {}, word("noFindings")));
    const size = printing ? printed.findings : findingsAPage;
    paged(list, word("findings"), size, head.findings, (first, end) => {
      const entries = () => {
        const out = make("ol", { class: "entries", start: first + 1 });
        for (let i = first; i < end; ++i) out.append(entry(i));
        return out;
      };
      return end <= head.findingsABlock ? entries() : whenLoaded(entries);
    });
    if (printing && head.findings > size) section.append(make("p", {}, word("notPrinted", count(size), count(head.findings))));
  };

  // ---- tables

  const shownTables = new Map();  // table → how to show a row by its place
  const shownFrom = new Map();    // table → the place of the first row that is shown

  const stateText = (cell) => word(`state-${cell.state}`) + (cell.pointed ? `, ${word("state-pointed")}` : "");

  /** The ends of a wire with a bead on it. */
  const heldSign = ({ hold, low }) => ({ pinned: "[•]", bounded: low === "-inf" ? "•]" : "[•", loose: "•", unchecked: "?" })[hold];
  const heldRange = ({ low, high, closed }, unit) => low === undefined ? "" : range(low, high, closed, unit);
  const heldText = (held, unit) => [word(held.hold), heldRange(held, unit), held.rules.map((r) => head.rules[r].name).join(", ")]
    .filter(Boolean).join(language === "ja" ? "。" : "; ");

  const tableCell = (t, row, c, cell, column, held) => {
    const opens = cell.instances.length > 0 || column.figure;
    const showsHold = view === "holds";
    const sign = showsHold ? held && heldSign(held) : cell.pointed || cell.state !== "label" ? signs[cell.state] || "" : "";
    const text = !showsHold ? stateText(cell) : held ? heldText(held, column.unit) : word("state-label");
    const content = [sign && make("span", { class: "sign", "aria-hidden": "true" }, sign), make("span", { class: "text" }, cell.text)];
    const shown = showsHold ? held && `held-${held.hold}` : `state-${cell.state}${cell.pointed ? " pointed" : ""}`;
    const classes = ["cell", shown || "", column.figure ? "figure" : cell.text.length > 12 ? "long" : ""].join(" ").trim();
    if (!opens) return make("td", { class: classes }, content[1]);
    return make("td", { class: classes }, make("button",
      { type: "button", id: `cell-${t}-${row}-${c}`, tabindex: "-1", "data-column": c, onclick: () => openCell(t, row, c) },
      content, cell.text ? "" : hidden(word("blank")), hidden(` (${text})`)));
  };

  /** One stop for Tab in a table; arrow keys go from cell to cell. */
  const rove = (table, event) => {
    const at = event.target.closest("button");
    if (!at) return;
    const vertical = { ArrowDown: 1, ArrowUp: -1 }[event.key], horizontal = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    let to = null;
    if (horizontal) {
      const all = [...table.querySelectorAll("tbody button")];
      to = all[all.indexOf(at) + horizontal];
    } else if (vertical) {
      let row = at.closest("tr");
      while (row && !to) {
        row = vertical > 0 ? row.nextElementSibling : row.previousElementSibling;
        to = row?.querySelector(`button[data-column="${at.dataset.column}"]`);
      }
    } else return;
    event.preventDefault();
    to?.focus();
  };
  const stopAt = (table, button) => {
    table.querySelector('button[tabindex="0"]')?.setAttribute("tabindex", "-1");
    button?.setAttribute("tabindex", "0");
  };

  const drawRows = (t, first, end) => {
    const info = head.tables[t];
    const body = make("tbody", {});
    for (let place = first; place < end; ++place) {
      const { row, kept, cells } = rowAt(t, place);
      const line = make("tr", { class: kept ? null : "excluded" }, make("th", { scope: "row", class: "number" }, String(row + 1),
        kept ? "" : make("span", { class: "why" }, word("excluded"))));
      info.columns.forEach((column, c) => line.append(tableCell(t, row, c, cellOf(cells, c), column, heldAt(t, place, c))));
      body.append(line);
    }
    const columnHead = ({ field, across, unit, figure }) => make("th", { scope: "col", class: figure ? "figure" : null }, field,
      across && make("span", { class: "across" }, across), unit && make("span", { class: "unit" }, unit));
    const table = make("table", { class: "data", "aria-labelledby": `table-${t}`, onkeydown: (event) => rove(table, event),
                                  onfocusin: (event) => event.target.matches("tbody button") && stopAt(table, event.target) },
      make("thead", {}, make("tr", {}, make("th", { scope: "col", class: "number" }, hidden(word("row"))), info.columns.map(columnHead))),
      body);
    stopAt(table, table.querySelector(".pointed button, .held-unchecked button") || table.querySelector("tbody button"));
    return scrolled(info.name, table);
  };

  const heldLegend = () => make("ul", { class: "legend", "aria-label": word("legend") },
    holds.map((hold) => make("li", {}, make("span", { class: `cell held-${hold}` },
      make("span", { class: "sign", "aria-hidden": "true" }, heldSign({ hold, low: "-inf" })), "12.3"), " ",
      make("strong", {}, word(hold)), ": ", word(`means-${hold}`))));

  /** Every cell of the page's tables from one on: [table, place of its row, column]. */
  function* cellsFrom(t, place, c) {
    for (; t < head.tables.length; ++t, place = c = 0)
      for (; place < head.tables[t].written; ++place, c = 0)
        for (; c < head.tables[t].columns.length; ++c) yield [t, place, c];
  }
  let behind = [0, 0, 0];  // where the search for a figure goes on
  const goToNext = (hold) => {
    for (const start of [behind, [0, 0, 0]]) {
      for (const [t, place, c] of cellsFrom(...start)) {
        if (heldAt(t, place, c)?.hold !== hold) continue;
        behind = [t, place, c + 1];
        return goToCell(t, rowAt(t, place).row, c);
      }
    }
  };

  /** What the tables show; of coverage, how many figures are held how firmly, each a way to the next of them. */
  const viewBar = () => {
    const switchTo = (to) => { view = to; showTables(); byId("tables").querySelector(`[data-view=${to}]`).focus(); };
    const whole = head.tables.every((table) => table.written === table.rows);
    const counted = (hold) => {
      const total = head.tables.reduce((sum, table) => sum + table.holds[holds.indexOf(hold)], 0);
      const text = [make("span", { class: "sign", "aria-hidden": "true" }, heldSign({ hold, low: "-inf" })), " ", word(hold), " ",
                    make("strong", {}, count(total))];
      return make("li", {}, total && (whole || hold === "unchecked") && !printing
        ? make("button", { type: "button", "data-hold": hold, title: word("nextHeld", word(hold)), onclick: () => goToNext(hold) }, text)
        : make("span", {}, text));
    };
    return make("div", { class: `views shows-${view}` },
      make("p", { role: "group", "aria-label": word("views") }, ["verdicts", "holds"].map((each) => make("button",
        { type: "button", "data-view": each, "aria-pressed": String(view === each), onclick: () => switchTo(each) }, word(`view-${each}`)))),
      view === "holds" ? make("ul", {}, holds.map(counted)) : "");
  };
  const heldCounts = ({ holds: counts }) => make("p", { class: "counts" },
    holds.map((hold, i) => counts[i] ? `${word(hold)} ${count(counts[i])}` : "").filter(Boolean).join(language === "ja" ? "、" : ", "));

  const legend = () => make("ul", { class: "legend", "aria-label": word("legend") },
    Object.keys(signs).reverse().map((state) => make("li", {}, make("span", { class: `cell state-${state}` },
      make("span", { class: "sign", "aria-hidden": "true" }, signs[state]), "12.3"), " ", word(`state-${state}`))),
    make("li", {}, make("span", { class: "cell pointed state-violated" }, make("span", { class: "sign", "aria-hidden": "true" }, signs.violated), "12.3"),
      " ", word("state-pointed")));

  const showTables = () => {
    const section = byId("tables");
    section.hidden = false;
    section.replaceChildren(heading("tables", head.tables.length || undefined));
    if (!head.tables.length) {
      section.append(make("p", { class: "note" }, word(head.interrupted ? "noTables" : "noTablesAtAll")));
      return;
    }
    section.append(make("p", { class: "hint" }, word("hint")), head.coverage ? viewBar() : "", view === "holds" ? heldLegend() : legend());
    head.tables.forEach((info, t) => {
      const holder = make("div", {});
      section.append(make("h3", { id: `table-${t}`, tabindex: "-1" }, info.name, " ", make("span", { class: "files" }, info.files.join(", "))),
        view === "holds" && head.tables.length > 1 ? heldCounts(info) : "", holder);
      if (info.written < info.rows)
        section.append(make("p", { class: "note" }, word(head.coverage ? "rowsLeftOutHeld" : "rowsLeftOut",
          count(info.rows - info.written), count(info.rows), count(head.mostUnchecked))));
      const size = printing ? printed.rows : rowsAPage;
      const showFrom = (place) =>
        paged(holder, info.name, size, info.written, (first, end) => { shownFrom.set(t, first); return drawRows(t, first, end); },
              Math.floor(place / size) * size);
      shownTables.set(t, showFrom);
      showFrom(printing ? 0 : shownFrom.get(t) || 0);
      if (printing && info.written > size) section.append(make("p", {}, word("notPrinted", count(size), count(info.written))));
    });
  };

  const goToCell = (t, row, c) => {
    byId("cell").close();
    if (!byId(`cell-${t}-${row}-${c}`)) shownTables.get(t)(placeOfRow(t, row));
    const target = byId(`cell-${t}-${row}-${c}`);
    const at = target || byId(`table-${t}`);
    at.scrollIntoView({ block: "center", inline: "center" });
    at.focus();
  };

  // ---- a cell with every rule that reads it

  const openCell = (t, row, c) => {
    const dialog = byId("cell");
    const info = head.tables[t], column = info.columns[c];
    const place = placeOfRow(t, row);
    const { key, cells } = rowAt(t, place);
    const cell = cellOf(cells, c), held = heldAt(t, place, c);
    const list = make("div", {});
    const facts = make("dl", { class: "facts" });
    const say = (name, ...text) => text[0] && facts.append(make("dt", {}, word(name)), make("dd", {}, ...text));
    say("key", labels(key));
    say("range", cell.mark ? marked(cell.mark) : cell.low === undefined ? "" : range(cell.low, cell.high, cell.closed, column.unit));
    say("place", cell.at);
    if (held) {
      say("held", make("span", { class: `held-${held.hold}` }, make("span", { class: "sign", "aria-hidden": "true" }, heldSign(held)), " ",
        make("strong", {}, word(held.hold))), `: ${word(`means-${held.hold}`)}`);
      say("leaves", heldRange(held, column.unit));
      say("heldBy", held.rules.length ? held.rules.flatMap((r, i) => [i ? ", " : "", make("a", { href: `#rule-${r}` }, head.rules[r].name)]) : "");
    }
    dialog.replaceChildren(
      make("div", { class: "bar" }, make("h2", { id: "cell-heading", tabindex: "-1" }, `${info.name}.${column.field}`,
        column.across && ` ${column.across}`),
        make("button", { type: "button", class: "close", onclick: () => dialog.close() }, word("close"))),
      make("p", { class: `reading cell state-${cell.state}` }, make("span", { class: "sign", "aria-hidden": "true" }, signs[cell.state] || ""),
        make("span", { class: "text" }, cell.text || word("blank")), cell.text.includes(column.unit) ? "" : make("span", { class: "unit" }, column.unit), " ",
        make("span", { class: "state" }, stateText(cell))),
      facts,
      make("h3", {}, cell.instances.length ? word("readBy", count(cell.instances.length + cell.more)) : word("noRule")), list,
      cell.more ? make("p", { class: "note" }, word("moreHere", count(cell.more))) : "");
    if (cell.instances.length) {
      paged(list, word("instances"), instancesAPage, cell.instances.length, (first, end) => {
        const out = make("ol", { class: "entries", start: first + 1 });
        cell.instances.slice(first, end).forEach((i, nth) => out.append(entry(i, nth < 3)));
        return out;
      });
    }
    const marks = document.querySelectorAll(".takes-part");
    marks.forEach((each) => each.classList.remove("takes-part"));
    if (cell.instances.length) {
      for (const part of instance(cell.instances[0]).cells) {
        if (Array.isArray(part)) byId(`cell-${part.slice(1).join("-")}`)?.parentElement.classList.add("takes-part");
      }
    }
    dialog.showModal();
    dialog.scrollTop = 0;
    byId("cell-heading").focus();
  };
  byId("cell").addEventListener("click", (event) => event.target === byId("cell") && byId("cell").close());

  // ---- rules

  /** The smallest change that a rule is sure to see: [least, most, unit], or [whether it is told on one side]. */
  const sight = ([least, most, unit]) => most === undefined ? word(least ? "seesOneSide" : "seesUnmeasured")
    : word("sees", least === most ? number(least) + unit : word("fromTo", number(least) + unit, number(most) + unit));

  const showSlips = () => {
    if (!head.slips) return;
    const row = ([name, tried, seen]) => make("tr", {}, make("th", { scope: "row" }, said(name)), [count(tried), count(seen),
      tried ? (Math.floor(seen * 1000 / tried) / 10).toFixed(1) : ""].map((text) => make("td", { class: "figure" }, text)));
    const all = head.slips.reduce(([, tried, seen], slip) => [word("total"), tried + slip[1], seen + slip[2]], ["", 0, 0]);
    const table = make("table", { class: "list slips" }, columns("slip", "tried", "seen"), make("tbody", {}, [...head.slips, all].map(row)));
    table.querySelector("thead tr").append(make("th", { scope: "col" }, "%"));
    byId("slips").hidden = false;
    byId("slips").replaceChildren(heading("slips"), scrolled(word("slips"), table));
  };

  const showRules = () => {
    const section = byId("rules");
    if (!head.rules.length) return;
    section.hidden = false;
    section.replaceChildren(heading("rules", head.rules.length));
    head.rules.forEach((rule, r) => {
      const counts = verdicts.map((name, i) => rule.verdicts[i] ? `${word(name)} ${count(rule.verdicts[i])}` : "").filter(Boolean);
      const state = !rule.selected ? word("notSelected") : !rule.evaluated ? word("notEvaluated") : counts.join(language === "ja" ? "、" : ", ");
      const fails = rule.verdicts.slice(2, 5).some(Boolean);
      const body = make("div", { class: "body" });
      const fill = () => {
        if (body.children.length) return;
        const facts = make("dl", { class: "facts" });
        const say = (name, text) => text && facts.append(make("dt", {}, word(name)), make("dd", {}, text));
        say("severity", word(rule.severity));
        say("source", rule.source);
        say("tags", rule.tags.join(", "));
        say("place", rule.at);
        say("instances", count(rule.instances));
        body.append(facts);
        if (rule.text.length) body.append(scrolled(word("declared"), make("pre", {}, make("code", {}, rule.text.join("\n")))));
        const runs = block(`rule-instances-${r}`);
        const all = [];
        for (let i = 0; i < runs.length; i += 2) for (let n = 0; n < runs[i + 1]; ++n) all.push(runs[i] + n);
        if (!all.length || printing) return;
        const list = make("div", {});
        body.append(list);
        paged(list, rule.name, instancesAPage, all.length, (first, end) => {
          const out = make("ol", { class: "entries", start: first + 1 });
          for (const i of all.slice(first, end)) out.append(entry(i));
          return out;
        });
      };
      const details = make("details", { open: printing, ontoggle: () => details.open && fill() },
        make("summary", {}, make("span", { class: "rule" }, rule.name), " ", make("span", { class: "title" }, rule.title),
          make("span", { class: fails ? "counts fails" : "counts" }, state),
          rule.sees ? make("span", { class: "counts sees" }, sight(rule.sees)) : ""), body);
      if (printing) fill();
      section.append(make("div", { class: "declared", id: `rule-${r}` }, details));
    });
    if (head.instancesLeftOut) section.append(make("p", { class: "note" }, word("instancesLeftOut", count(head.instancesLeftOut))));
  };

  const followHash = () => {
    const rule = /^#rule-\d+$/.test(location.hash) && byId(location.hash.slice(1));
    if (!rule) return;
    byId("cell").close();
    const details = rule.querySelector("details");
    details.open = true;
    rule.scrollIntoView();
    details.querySelector("summary").focus();
  };

  // ---- waivers, inputs, contents

  const showWaivers = () => {
    if (!head.waivers.length) return;
    const row = (waiver) => make("tr", {}, make("td", { class: "date" }, waiver.until, waiver.expired ? make("strong", {}, ` ${word("expired")}`) : ""),
      make("td", {}, waiver.name, waiver.labels.length ? make("span", { class: "labels" }, " ", labels(waiver.labels)) : ""),
      make("td", {}, waiver.because), make("td", {}, waiver.by), make("td", { class: "figure" }, count(waiver.covers)),
      make("td", { class: "at" }, broken(waiver.at)));
    const sorted = [...head.waivers].sort((a, b) => a.until < b.until ? -1 : a.until > b.until ? 1 : 0);
    byId("waivers").hidden = false;
    byId("waivers").replaceChildren(heading("waivers", head.waivers.length), scrolled(word("waivers"),
      make("table", { class: "list" }, columns("until", "rule", "because", "by", "covers", "place"), make("tbody", {}, sorted.map(row)))));
  };

  const showInputs = () => {
    if (!head.inputs.length) return;
    const row = (input) => make("tr", {}, make("td", {}, input.path), make("td", {}, word(input.rules ? "rules" : "data")),
      make("td", { class: "figure" }, count(input.bytes)), make("td", { class: "digest" }, input.sha256));
    const table = make("table", { class: "list" }, columns("path", "kind", "bytes"), make("tbody", {}, head.inputs.map(row)));
    table.querySelector("thead tr").append(make("th", { scope: "col" }, "SHA-256"));
    byId("inputs").hidden = false;
    byId("inputs").replaceChildren(heading("inputs", head.inputs.length), scrolled(word("inputs"), table));
  };

  const showContents = () => {
    const contents = byId("contents");
    contents.hidden = false;
    contents.setAttribute("aria-label", word("contents"));
    const sections = ["findings", "tables", "slips", "rules", "waivers", "inputs"].filter((name) => !byId(name).hidden);
    contents.replaceChildren(make("ul", {}, sections.map((name) =>
      make("li", {}, make("a", { href: `#${name}-heading` }, word(name).replace(/\(.*/, ""))))));
  };

  // ---- the page

  const showAll = () => {
    document.documentElement.lang = language;
    for (const button of byId("languages").children) button.setAttribute("aria-pressed", String(button.dataset.language === language));
    const verdict = document.querySelector(`#verdict [lang=${language}]`).textContent;
    document.title = `${verdict} — kenzan`;
    showFindings();
    if (loaded) showRest();
  };
  const showRest = () => {
    showTables();
    showSlips();
    showRules();
    showWaivers();
    showInputs();
    showContents();
  };

  byId("languages").hidden = false;
  for (const button of byId("languages").children)
    button.addEventListener("click", () => { language = button.dataset.language; showAll(); });
  addEventListener("hashchange", followHash);
  document.addEventListener("click", (event) => event.target.closest?.('a[href^="#rule-"]') && setTimeout(followHash));
  addEventListener("beforeprint", () => { byId("cell").close(); printing = true; showAll(); });
  addEventListener("afterprint", () => { printing = false; showAll(); });
  showAll();
  performance.mark("findings");
  addEventListener("DOMContentLoaded", () => {
    loaded = true;
    for (const show of waiting.splice(0)) show();
    showRest();
    followHash();
    performance.mark("all");
  });
})();
