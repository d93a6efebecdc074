/* Ranks the records of search-records.json for what a reader types. Nothing here knows a page or a
   document: it is given records and returns some of them, best first.

   The library finds and weighs words. What it cannot know is added here: tracker numbers in every
   spelling, spellings that the site does not have, phrases, and what kind of answer is wanted. */

import MiniSearch from "./minisearch.min.js";

/* What counts how much. */
export const RULES = {
  fields: { title: 3.6, names: 8, claim: 2, page: 1.2, text: 1 },
  kinds: { page: 1.15, section: 1, term: 0.9, message: 0.7, probe: 0.3, item: 0.4 },
  // A section such as "See also".
  minor: 0.35,
  // How soon more of the same word says nothing more, and how much a long text is held against it:
  // of prose, and of names, which a text does not have by chance.
  prose: { k: 1.6, b: 0.35, d: 0.5 },
  name: { k: 4, b: 0.15, d: 0.5 },
  // A word may be missing: the part of the words that is there, to this power.
  coverage: 1,
  // The whole query as a heading; a part of it in one piece in a heading, and anywhere.
  sameHeading: 1.8,
  phraseInHeading: 0.4,
  phrase: 1.3,
  // A word that is only begun, that was typed otherwise, that means nearly the same.
  begun: 0.4,
  mended: 0.8,
  synonym: 0.3,
  // How many of the best are looked at for phrases.
  lookedAt: 80,
};

const MOST_ENDINGS = 30;
// A part of a word that nobody wrote has to stand this often, or it is there by chance.
const PART_IS_THERE = 15;
// Who writes more words beside the number of an item asks for more than the item.
const WORDS_BESIDE_NUMBER = 4;

const STOP = new Set(
  (
    "a across am an and are as at be been between but by can could did different do does example " +
    "for from had has have how i if in into is it its may me multiple my of on or our shall should " +
    "so than that the their them then there these they this those to via vs was we were what when " +
    "where which who whom whose why will with would you your"
  ).split(" "),
);

// A version, a number below zero, a PEP with its number, any other word.
const WORD = /\d+(?:\.\d+)+|(?<=^|[\s(])-\d+|\bPEP[\s-]?\d+|[\p{L}\p{N}_]+/giu;
const PIECE = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+/gu;
// bpo-40512, issue40512, gh-84692, PR 20085, #20085, .../issues/84692 in any query; 84692 alone.
const NUMBER = /(?:\b(?:bpo|issues?|gh|pr|pulls?|bug)[-\s/#:]*|#)(\d{2,7})\b|^(\d{3,7})$/gi;
const HASH = /^@?([0-9a-f]{7,40})$/i;

/* Words that belong together lose their ends: shares, shared and sharing are one. Only prose is
   cut; a name with an underscore or a digit stays whole. */
const stem = (word) => {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let cut = word
    .replace(/ies$/, "y")
    .replace(/(ss|sh|ch|x|z)es$/, "$1")
    .replace(/([^su])s$/, "$1");
  for (const end of ["izations", "ization", "izing", "ized", "izer", "ize"]) {
    if (cut.endsWith(end) && cut.length > end.length + 2) return `${cut.slice(0, -end.length)}iz`;
  }
  const bare = cut.replace(/(?:ing|ed)$/, "");
  if (bare !== cut && bare.length > 2 && /[aeiouy]/.test(bare)) {
    cut = bare.replace(/([bdgmnprt])\1$/, "$1");
  }
  cut = cut.replace(/([cst])ion$/, "$1").replace(/([ct])or$/, "$1");
  return cut.length > 3 ? cut.replace(/e$/, "") : cut;
};

const tidy = (word) => word.toLowerCase().replace(/^(pep)[\s-]/, "$1");

/* A name is found as a whole and by its pieces: PyState_FindModule also as state, find and module. */
const split = (text) => {
  const words = [];
  for (const [word] of text.matchAll(WORD)) {
    words.push(tidy(word));
    if (/_|\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u.test(word)) {
      const pieces = word.split("_").flatMap((part) => part.match(PIECE) ?? []);
      if (pieces.length > 1) words.push(...pieces.map((piece) => piece.toLowerCase()));
    }
  }
  return words;
};

// Of a name a text says more by having it at all than by having it often.
const looksLikeName = (word) => /[_.\d]/.test(word);

const plainWords = (text) => [...text.matchAll(WORD)].map(([word]) => tidy(word));
const flat = (text) => plainWords(text).map(stem);

/* How a word may be spelled in American English. */
const american = (word) => {
  const found = [
    word.replace(/is(ation|ations|e|ed|es|er|ing|able)$/, "iz$1"),
    word.replace(/ys(e|ed|es|ing)$/, "yz$1"),
    word.replace(/our/, "or"),
    word.replace(/ll(ed|ing|er)$/, "l$1"),
    word.replace(/re$/, "er"),
    word.replace(/ogue/, "og"),
    word.replace(/ence$/, "ense"),
  ];
  return found.filter((each) => each !== word);
};

/* How many letters to add, drop, change or swap with their neighbors; more than `most` is `most`+1. */
const distance = (one, other, most) => {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let [before, above] = [[], [...Array(other.length + 1).keys()]];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = one[i - 1] === other[j - 1] ? 0 : 1;
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + change);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        row[j] = Math.min(row[j], before[j - 2] + 1);
      }
    }
    if (Math.min(...row) > most) return most + 1;
    [before, above] = [above, row];
  }
  return above[other.length];
};

/* The title of an issue is no heading, nor is what a program shows; that is known by its id, too. */
const fieldsOf = (kind, title, anchor) => {
  if (kind === "item") return { claim: title };
  if (kind === "probe") return { claim: `${title} ${anchor.replaceAll("-", " ")}` };
  return { title };
};

/* The part of a text that has most of the words found, as pairs: a piece, and whether it is one.

   :param found: words as a search returns them. */
export const makeExcerpt = (text, found, length = 160) => {
  const whole = new Set(found.map((word) => stem(word.replace("*", ""))));
  const begun = found.filter((word) => word.endsWith("*")).map((word) => word.slice(0, -1));
  const isFound = (word) => whole.has(stem(word)) || begun.some((each) => word.startsWith(each));
  const words = [...text.matchAll(WORD)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    isFound: isFound(tidy(match[0])),
    word: tidy(match[0]),
  }));
  let [best, most] = [0, 0];
  const hits = words.filter((word) => word.isFound);
  hits.forEach(({ start }, place) => {
    const near = hits.slice(place).filter((other) => other.end - start <= length * 0.8);
    const different = new Set(near.map(({ word }) => word)).size;
    if (different > most) [best, most] = [start, different];
  });
  // Some words before the first one, and no part of a word at either end.
  const from = best < length / 4 ? 0 : text.lastIndexOf(" ", best - length / 5) + 1;
  const to = text.length <= from + length ? text.length : text.lastIndexOf(" ", from + length);
  const parts = [];
  let done = from;
  for (const { start, end } of hits) {
    if (start < from || end > to) continue;
    parts.push([text.slice(done, start), false], [text.slice(start, end), true]);
    done = end;
  }
  parts.push([text.slice(done, to), false]);
  if (from) parts.unshift(["… ", false]);
  if (to < text.length) parts.push([" …", false]);
  return parts.filter(([piece]) => piece);
};

/* Makes the function that searches: it takes what a reader typed, and returns the records, best
   first, the words found (one that may go on ends with a star), what words of the site were looked
   for instead of those typed, and what words it does not have.

   :param data: what the file has. */
export const makeSearch = async (data, rules = RULES) => {
  const records = data.records.map((fields, id) => {
    const [kind, page, anchor = "", title = "", text = "", further = "", names = ""] = fields;
    const [address, pageTitle, weight] = data.pages[page];
    return {
      id,
      kind,
      text,
      further,
      weight,
      heading: title,
      ...fieldsOf(kind, title, anchor),
      names,
      page: kind === "section" || kind === "message" ? pageTitle : "",
      pageTitle,
      address: anchor ? `${address}#${anchor}` : address,
      isMinor: kind === "section" && data.minor.includes(title),
    };
  });

  // Word as typed to how often it is there; and as the index has it to how many records have it, in
  // any field and in each.
  const known = new Map();
  const spread = new Map();
  let current;
  const note = (word, field) => {
    let counts = spread.get(word);
    if (!counts) spread.set(word, (counts = { any: 0, last: {} }));
    for (const place of ["any", field]) {
      if (counts.last[place] === current) continue;
      counts.last[place] = current;
      counts[place] = (counts[place] ?? 0) + 1;
    }
  };
  const index = new MiniSearch({
    fields: Object.keys(rules.fields),
    tokenize: split,
    extractField: (record, field) => {
      current = record.id;
      return field === "text" ? `${record.text} ${record.further}` : record[field];
    },
    processTerm: (word, field) => {
      known.set(word, (known.get(word) ?? 0) + 1);
      const cut = stem(word);
      note(cut, field);
      return cut;
    },
    searchOptions: { tokenize: (text) => text.split(" "), processTerm: (word) => word },
  });
  // In steps, between which the page answers its reader.
  await index.addAllAsync(records, { chunkSize: 100 });
  const synonyms = new Map();
  for (const group of data.synonyms ?? []) {
    const stems = [...new Set(group.map((word) => stem(word.toLowerCase())))];
    for (const each of stems)
      synonyms.set(
        each,
        stems.filter((other) => other !== each),
      );
  }

  const flats = (record) => {
    if (record.flatAll === undefined) {
      record.flatTitle = flat(record.heading);
      record.flatAll = [...record.flatTitle, "", ...flat(record.text)];
      const told = plainWords(record.heading).filter((word) => !STOP.has(word));
      record.bareTitle = told.map(stem).join(" ");
    }
    return record;
  };

  const spellings = [...known.keys()];

  const byNumber = new Map();
  for (const record of records) {
    if (record.kind !== "item") continue;
    const names = `${record.heading.split(":")[0]} ${record.names}`;
    for (const [number] of names.matchAll(/\d{2,}/g)) {
      byNumber.set(number, [...(byNumber.get(number) ?? []), record]);
    }
  }
  const commits = records.filter(
    (record) => record.kind === "item" && record.heading.startsWith("@"),
  );

  const findItems = (query) => {
    const wantsOld = /bpo|bugs\.python/i.test(query);
    const numbers = [...query.matchAll(NUMBER)].map((match) => match[1] ?? match[2]);
    const items = numbers.flatMap((number) => {
      const isOld = (record) => `${record.heading} ${record.names}`.includes(`bpo-${number}`);
      return [...(byNumber.get(number) ?? [])].sort(
        (one, other) => (isOld(other) - isOld(one)) * (wantsOld ? 1 : -1),
      );
    });
    if (numbers.length) return items;
    const hash = HASH.exec(query)?.[1].toLowerCase().slice(0, 7);
    return hash ? commits.filter((record) => record.heading.startsWith(`@${hash}`)) : [];
  };

  const howMany = (word) => spread.get(stem(word))?.any ?? 0;
  const isKnown = (word) => known.has(word) || spread.has(stem(word));
  const respell = (word) => american(word).find(isKnown);

  /* What is meant by a word that the site does not have. */
  const mend = (word) => {
    const written = [word, ...american(word).slice(0, 1)];
    const most = word.length > 7 ? 2 : word.length > 3 ? 1 : 0;
    if (!most || /^\d/.test(word)) return "";
    let [best, least, often] = ["", most + 1, 0];
    for (const each of spellings) {
      // Hardly anybody mistakes the first letter, and slower is not lower.
      if (each[0] !== word[0] && each[1] !== word[0]) continue;
      const away = Math.min(...written.map((one) => distance(one, each, most)));
      const count = known.get(each);
      if (away < least || (away === least && away <= most && count > often)) {
        [best, least, often] = [each, away, count];
      }
    }
    return best;
  };

  /* The parts of a word that the site has in two: nogil, heaptype, pep703. */
  const divide = (word) => {
    for (let place = word.length - 2; place > 1; place--) {
      const parts = [word.slice(0, place), word.slice(place)];
      if (parts.every((part) => (known.get(part) ?? 0) >= PART_IS_THERE)) return parts;
    }
    return [];
  };

  /* Words that the site rather has in one, or joined by an underscore: sub interpreter, mod wsgi. */
  const join = (words) => {
    const joined = [];
    for (let place = 0; place < words.length; place++) {
      const [one, other] = words.slice(place, place + 2);
      const rarer = Math.min(howMany(one), howMany(other ?? one)) || 1;
      const whole =
        other && [`${one}${other}`, `${one}_${other}`].find((word) => howMany(word) >= rarer);
      joined.push(whole || one);
      if (whole) place++;
    }
    return joined;
  };

  /* What a word that is being typed may become, as the index has it; what is most often meant. */
  const endings = (word) => {
    if (word.length < 2) return [];
    const begun = spellings.filter((each) => each.startsWith(word));
    const stems = [...new Set(begun.map(stem))];
    return stems.sort((one, other) => howMany(other) - howMany(one)).slice(0, MOST_ENDINGS);
  };

  /* The words of a query as the index has them, what was read instead of what was typed, and what
     the site does not have. */
  const read = (query) => {
    const typed = plainWords(query);
    const told = typed.filter((word) => !STOP.has(word));
    const words = join(told.length ? told : typed);
    const [instead, missing] = [[], []];
    const describe = (word, weight, goesOn) => ({
      word,
      weight,
      goesOn,
      stem: stem(word),
      isName: looksLikeName(word),
    });
    const read = words.flatMap((word, place) => {
      const isLast = place === words.length - 1;
      if (isKnown(word)) return [describe(word, 1, isLast)];
      if (isLast && endings(word).length) return [describe(word, 1, true)];
      const spelled = respell(word);
      const parts = spelled ? [] : divide(word);
      if (parts.length) return parts.map((part) => describe(part, rules.mended, false));
      const mended = spelled || mend(word);
      if (mended) {
        instead.push(mended);
        return [describe(mended, rules.mended, false)];
      }
      // A name that nobody wrote may have pieces that somebody did.
      const pieces = word.split("_").filter((piece) => piece.length > 1 && known.has(piece));
      // A number or an address in memory is no word that a site could have.
      if (!pieces.length && /^\p{L}+$/u.test(word)) missing.push(word);
      return pieces.map((piece) => describe(piece, rules.mended, false));
    });
    return { words: read, instead, missing };
  };

  /* How much of the query stands in a text in one piece, from 0 to 1; one word is no phrase. */
  const runLength = (words, text) => {
    let longest = 0;
    let before = [];
    for (const word of text) {
      const here = [];
      for (let i = 0; i < words.length; i++) {
        if (words[i] !== word) continue;
        here[i] = (before[i - 1] ?? 0) + 1;
        if (here[i] > longest) longest = here[i];
      }
      before = here;
    }
    return longest > 1 ? (longest - 1) / (words.length - 1) : 0;
  };

  /* The library takes a word for rare that few headings have, though all texts may have it. How
     rare it is must be told from all fields alike. */
  const rarity = (count) => Math.log(1 + (records.length - count + 0.5) / (count + 0.5));
  const boostOf = (word, field) => {
    const counts = spread.get(word);
    const part = counts?.[field] ? rarity(counts.any) / rarity(counts[field]) : 1;
    return rules.fields[field] * part;
  };

  /* What is asked of the library for one word of the query: the word, and in its place what it may
     become or nearly means.

     :param places: word as the index has it to the place of the word in the query; is filled. */
  const ask = ({ word, stem: own, goesOn, isName, weight }, place, places) => {
    const clause = (term, part) => {
      if (!places.has(term)) places.set(term, place);
      return {
        queries: [term],
        boost: Object.fromEntries(
          Object.keys(rules.fields).map((field) => [field, weight * part * boostOf(term, field)]),
        ),
        bm25: isName ? rules.name : rules.prose,
      };
    };
    const others = (terms, part) =>
      terms.filter((term) => term !== own).map((term) => clause(term, part));
    return [
      clause(own, 1),
      ...others(synonyms.get(own) ?? [], rules.synonym),
      ...others(goesOn ? endings(word) : [], rules.begun),
    ];
  };

  const rank = (words, typed) => {
    if (!words.length) return [];
    const places = new Map();
    const queries = words.flatMap((word, place) => ask(word, place, places));
    const ranked = index.search({ combineWith: "OR", queries }).map((found) => {
      const record = records[found.id];
      // The library counts each word found, synonyms too; what counts is which words of the query.
      const base = found.score / found.queryTerms.length;
      const covered = new Set(found.queryTerms.map((term) => places.get(term))).size / words.length;
      const minor = record.isMinor ? rules.minor : 1;
      const weight = rules.kinds[record.kind] * record.weight * minor;
      return { record, score: base * covered ** rules.coverage * weight };
    });
    ranked.sort((one, other) => other.score - one.score);
    ranked.splice(rules.lookedAt);
    const wanted = words.map(({ word }) => stem(word));
    const said = wanted.join(" ");
    for (const each of ranked) {
      const { flatTitle, flatAll, bareTitle } = flats(each.record);
      const run = Math.max(runLength(typed, flatAll), runLength(wanted, flatAll));
      each.score *= 1 + rules.phrase * run;
      each.score *= 1 + rules.phraseInHeading * runLength(wanted, flatTitle);
      if (bareTitle === said) each.score *= rules.sameHeading;
    }
    return ranked.sort((one, other) => other.score - one.score).map((each) => each.record);
  };

  return (query) => {
    const trimmed = query.trim().replace(/^https?:\/\//, "");
    const { words, instead, missing } = read(trimmed);
    const items = findItems(trimmed);
    const ranked = rank(words, plainWords(trimmed).map(stem));
    const isAside = trimmed.split(/\s+/).length - 1 > WORDS_BESIDE_NUMBER;
    const best = isAside ? ranked.slice(0, 1) : [];
    const results = new Map();
    for (const record of [...best, ...items, ...ranked]) {
      if (!results.has(record.address)) results.set(record.address, record);
    }
    const found = words.map(({ word, goesOn }) => (goesOn ? `${word}*` : word));
    return { results: [...results.values()], instead, missing, words: found };
  };
};
