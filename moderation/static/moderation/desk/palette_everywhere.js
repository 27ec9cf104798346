// The palette on pages that have nothing else of the desk's scripts. The case page binds its own, which is swapped.

import { bindPalette, bindPaletteKey } from "./palette.js";

bindPaletteKey();
bindPalette(new AbortController().signal);
