/// The parts of a page that are the same for every run: its structure, its style and its script.
///
/// They are files of their own in `Parts`, which the compiler embeds. The policy of the page names style and script by
/// their SHA-256, so a change of either needs its hash here; a test computes both hashes and says which they must be.
enum PageParts {
    static let scriptHash = "sha256-7BlpDkGRcCwvqy/Ze493RjLr/tNNw6DepneiPLKVmMI="
    static let styleHash = "sha256-gkSSYHW0ZMtN2nQ7mLcuf8CQMhCw6Vrht9n3xi/bxg4="

    static let script = text(PackageResources.page_js)
    static let style = text(PackageResources.page_css)
    static let body = text(PackageResources.body_html)

    /// The text of a file without its last newline.
    private static func text(_ file: [UInt8]) -> String { String(decoding: file.dropLast(), as: UTF8.self) }
}
