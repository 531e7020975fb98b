/// The parts of a page that are the same for every run: its structure, and the hashes of its style and its script.
///
/// The policy of the page names style and script by their SHA-256, so a change of either needs its hash here; a test
/// works them out and says which they must be.
enum PageParts {
    static let scriptHash = "sha256-7BlpDkGRcCwvqy/Ze493RjLr/tNNw6DepneiPLKVmMI="
    static let styleHash = "sha256-gkSSYHW0ZMtN2nQ7mLcuf8CQMhCw6Vrht9n3xi/bxg4="

    static let body = """
        <p id="now" role="status" aria-live="polite"></p>
        <div id="screen" role="group" aria-label="The screen at the chosen moment"><pre id="rows" tabindex="0"></pre></div>
        <div id="line"><input id="time" type="range" step="any" aria-label="Moment of the run"><div id="marks"></div></div>
        <div id="keys" role="toolbar" aria-label="Playing">
        <button id="previous" title="[">|◀ phase</button>
        <button id="back" title="←">−5 s</button>
        <button id="stepBack" title=",">◀ event</button>
        <button id="play" title="space">▶ play</button>
        <button id="step" title=".">event ▶</button>
        <button id="ahead" title="→">+5 s</button>
        <button id="next" title="]">phase ▶|</button>
        <label>speed <select id="speed"><option value="0.25">¼×</option><option value="0.5">½×</option>\
        <option value="1" selected>1×</option><option value="2">2×</option><option value="8">8×</option></select></label>
        <output id="clock"></output>
        </div>
        <details id="help"><summary>Keys</summary><dl>
        <dt>space</dt><dd>play, pause</dd><dt>. ,</dt><dd>next and previous event</dd>
        <dt>← →</dt><dd>5 seconds</dd><dt>[ ]</dt><dd>previous and next phase or signal</dd>
        <dt>0–9</dt><dd>0 % to 90 % of the run</dd><dt>Home End</dt><dd>start, end</dd><dt>?</dt><dd>this help</dd>
        </dl><p>A link to a moment: add #t=12.4 to the address.</p></details>
        """
}
