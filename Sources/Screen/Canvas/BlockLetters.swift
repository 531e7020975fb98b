/// Letters and digits made of blocks, five cells high and four wide, to be read from the last row of a room.
enum BlockLetters {
    static let height = 5

    /// The columns of a text, at so many times its size.
    static func columns(_ text: String, scale: Int = 1) -> Int { max(0, text.count * 5 - 1) * scale }

    /// Puts a text; letters that are not known are blank.
    static func put(
        _ text: String, _ canvas: inout Canvas, _ row: Int, _ column: Int, _ style: Style, scale: Int = 1
    ) {
        for (index, letter) in text.uppercased().enumerated() {
            guard let rows = shapes[letter]?.split(separator: "/", omittingEmptySubsequences: false) else { continue }
            for (line, cells) in rows.enumerated() {
                for (place, cell) in cells.enumerated() where cell == "#" {
                    let rect = Rect(
                        row: row + line * scale, column: column + (index * 5 + place) * scale, rows: scale,
                        columns: scale)
                    canvas.fill(rect, canvas.glyphs.bar, style)
                }
            }
        }
    }

    private static let shapes: [Character: String] = [
        "A": " ## /#  #/####/#  #/#  #", "B": "### /#  #/### /#  #/### ", "C": " ###/#   /#   /#   / ###",
        "D": "### /#  #/#  #/#  #/### ", "E": "####/#   /### /#   /####", "F": "####/#   /### /#   /#   ",
        "G": " ###/#   /# ##/#  #/ ###", "H": "#  #/#  #/####/#  #/#  #", "I": "### / #  / #  / #  /### ",
        "J": "  ##/   #/   #/#  #/ ## ", "K": "#  #/# # /##  /# # /#  #", "L": "#   /#   /#   /#   /####",
        "M": "#  #/####/####/#  #/#  #", "N": "#  #/## #/####/# ##/#  #", "O": " ## /#  #/#  #/#  #/ ## ",
        "P": "### /#  #/### /#   /#   ", "Q": " ## /#  #/#  #/# # / # #", "R": "### /#  #/### /# # /#  #",
        "S": " ###/#   / ## /   #/### ", "T": "### / #  / #  / #  / #  ", "U": "#  #/#  #/#  #/#  #/ ## ",
        "V": "#  #/#  #/#  #/ ## / ## ", "W": "#  #/#  #/####/####/#  #", "X": "#  #/ ## / ## / ## /#  #",
        "Y": "#  #/#  #/ ###/   #/ ## ", "Z": "####/  # / #  /#   /####",
        "0": " ## /#  #/#  #/#  #/ ## ", "1": " #  /##  / #  / #  /### ", "2": "### /   #/ ## /#   /####",
        "3": "### /   #/ ## /   #/### ", "4": "#  #/#  #/####/   #/   #", "5": "####/#   /### /   #/### ",
        "6": " ## /#   /### /#  #/ ## ", "7": "####/   #/  # / #  / #  ", "8": " ## /#  #/ ## /#  #/ ## ",
        "9": " ## /#  #/ ###/   #/ ## ", ".": "    /    /    /    / #  ", ",": "    /    /    / #  /#   ",
        "-": "    /    /### /    /    ", "+": "    / #  /### / #  /    ", "%": "#  #/  # / #  /#   /#  #",
    ]
}
