/// How a page looks.
extension PageParts {
    static let style = """
        :root{color-scheme:light;--back:#fff;--text:#1f2328;--faint:#5c636b;--edge:#d0d7de;--risk:#9a4a00;--loss:#b84a00;\
        --flight:#005faf;--screen:#f6f8fa}
        .dark{color-scheme:dark;--back:#0f1115;--text:#d9dde3;--faint:#9299a3;--edge:#343a44;--risk:#ffaf00;--loss:#ff8700;\
        --flight:#5fafff;--screen:#15181d}
        .monochrome{--text:#000;--risk:#000;--loss:#000;--flight:#000}
        body{margin:0 auto;padding:1rem;max-width:72rem;background:var(--back);color:var(--text);\
        font:16px/1.5 system-ui,sans-serif}
        h1{font-size:1.4rem;margin:0}h1+p{margin:.2rem 0}h2{font-size:1.1rem;margin:1.5rem 0 .5rem}
        #now{margin:.3rem 0 .7rem;min-height:1.5em}
        #screen{overflow-x:auto;background:var(--screen);border:1px solid var(--edge);border-radius:6px}
        #rows{margin:0;padding:.7rem;width:max-content;font:15px/1.2 ui-monospace,'SF Mono',Menlo,'DejaVu Sans Mono',\
        'Liberation Mono',Consolas,monospace}
        #rows div{height:1.2em;white-space:pre}
        #rows .g{display:inline-block;width:1ch}#rows .w{display:inline-block;width:2ch}
        .i1{color:var(--faint)}.i2{color:var(--flight)}.i4{color:var(--risk)}.i5{color:var(--loss);font-weight:bold}
        .i6,.b{font-weight:bold}.u{text-decoration:underline}
        .r{background:var(--text);color:var(--screen)}.r.i2{background:var(--flight)}.r.i4{background:var(--risk)}\
        .r.i5,.monochrome .i5{background:var(--loss);color:var(--screen)}
        #line{position:relative;margin:.8rem 0 .2rem}#time{width:100%;margin:0}
        #marks{position:relative;height:1.6em;font-size:12px;color:var(--faint);margin:0 8px}
        #marks span{position:absolute;border-left:2px solid var(--edge);padding-left:3px;white-space:nowrap}
        #marks .flipped{border-left:0;border-right:2px solid var(--edge);padding:0 3px 0 0}
        #marks .signal{border-color:var(--text);color:var(--text);font-weight:bold}
        #keys{display:flex;flex-wrap:wrap;gap:.4rem;align-items:center}
        button,select{font:inherit;font-size:14px;padding:.2rem .6rem;color:inherit;background:var(--screen);\
        border:1px solid var(--edge);border-radius:5px}
        button:focus-visible,pre:focus-visible,input:focus-visible{outline:2px solid var(--flight)}
        #clock{font-variant-numeric:tabular-nums;margin-left:auto}
        details{margin:.7rem 0}dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dt{font-weight:bold}dd{margin:0}
        table{border-collapse:collapse;margin:.8rem 0;width:100%}caption{text-align:left;color:var(--faint)}
        th,td{text-align:left;vertical-align:top;padding:.15rem .8rem .15rem 0;border-bottom:1px solid var(--edge)}
        #events{list-style:none;margin:0;padding:0;max-height:16rem;overflow-y:auto;border:1px solid var(--edge);\
        border-radius:6px}
        #events button{display:grid;grid-template-columns:6.5em 6.5em 1fr;width:100%;border:0;border-radius:0;text-align:left;\
        background:none;overflow-wrap:anywhere}
        #events .later{color:var(--faint)}#events .w3{color:var(--risk)}#events .w4{color:var(--loss)}\
        #events .w2{font-weight:bold}
        #events [aria-current]{background:var(--screen);outline:1px solid var(--edge)}
        """
}
