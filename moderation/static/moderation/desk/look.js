// A content's page outside the desk: how long it was looked at is counted as it is there.

import { countExposure } from "./care.js";

countExposure(document.getElementById("look").dataset.look, new AbortController().signal);
