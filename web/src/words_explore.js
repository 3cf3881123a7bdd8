/** Words of the time bar, the filters, the search and the downloads, in Arabic and in English. */

export const EXPLORE = { ar: {}, en: {} };
