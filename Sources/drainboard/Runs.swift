import ArgumentParser
import DrainboardKit
import Experiment
import Platform

/// `drainboard runs`: the recordings of this machine, listed, told, kept, named and deleted.
struct Runs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, keep, name and delete the recordings of this machine.",
        discussion: """
            Every run is recorded. The newest 50 stay, and of those at most 1 GB (DRAINBOARD_RUNS_SIZE=500M sets another \
            size, DRAINBOARD_RUN_SIZE that of one run, 250 MB). What was kept or named, and what has a mark, stays until \
            it is deleted and does not count.

            A run is called as it was named, or by its month, day and time in UTC. The beginning is enough where no other \
            begins so; replay, judge, export and compare take such a name where they take a file.

            Examples:
              drainboard runs
              drainboard runs show 01-31T17-02-11
              drainboard runs name 01-31T17-02-11 before-the-fix
              drainboard compare before-the-fix 02-01
            """,
        subcommands: [List.self, Show.self, Keep.self, Name.self, Delete.self], defaultSubcommand: List.self)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the recordings, newest first (the default).",
            discussion: """
                "being written": its run goes on. "cut short": it breaks off before the end of its run. "empty": nothing \
                could be written into it.
                """)

        @Option(help: "text or json.")
        var format = Format.text

        func run() throws {
            let list = RunList(RunLibrary().entries)
            switch format {
            case .json: Console.print(try list.json())
            case .text: for line in list.lines(width: Console.width) { Console.print(line) }
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell all of one run: how it was made, its verdict, and what opens it.")

        @Argument(help: "Its name, or the beginning of it.")
        var name: String

        @Option(help: "text or json.")
        var format = Format.text

        func run() throws {
            let library = RunLibrary()
            let report = RunFactsReport(library.entry(try library.run(name)))
            switch format {
            case .json: Console.print(try report.json())
            case .text: for line in report.lines { Console.print(line) }
            }
        }
    }

    struct Keep: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let runs stay until they are deleted.")

        @Argument(help: "Their names.")
        var names: [String]

        @Flag(help: "Take that back: their names go too, and newer runs may take their places.")
        var undo = false

        func run() throws {
            let library = RunLibrary()
            for run in try names.map(library.run) {
                var note = undo ? RunNote() : run.note
                note.isKept = !undo
                try write(note, of: run)
                let stays = undo && !run.isMarked ? "goes when newer runs need its place" : "stays"
                Console.print("\(library.name(of: run)) \(stays)")
            }
        }
    }

    struct Name: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a run a name, by which it can be opened; it then stays until it is deleted.")

        @Argument(help: "Its name so far, or the beginning of it.")
        var name: String

        @Argument(help: "The new one: letters, digits, dots, dashes and underscores; the first a letter or a digit.")
        var newName: String

        func validate() throws {
            guard RunNote.isName(newName) else {
                throw ValidationError(
                    "A name has 1 to \(RunNote.longestName) letters, digits, dots, dashes and underscores, the first a "
                        + "letter or a digit.")
            }
        }

        func run() throws {
            let library = RunLibrary()
            let run = try library.run(name)
            guard library.isFree(newName, for: run) else {
                throw Failure("Another run is called \(newName) already, or has a name that begins so.")
            }
            var note = run.note
            note.name = newName
            try write(note, of: run)
            Console.print("\(library.name(of: run)) is now called \(newName)")
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete runs, with their marks and names.")

        @Argument(help: "Their names.")
        var names: [String]

        @Flag(help: "Also those that were kept, named or marked.")
        var force = false

        func run() throws {
            let library = RunLibrary()
            let runs = try names.map(library.run)
            for run in runs {
                let name = library.name(of: run)
                guard !run.isBeingWritten else { throw Failure("\(name) is being written: its run goes on.") }
                guard force || !run.stays else {
                    throw Failure("\(name) was kept, named or marked. Give --force to delete it all the same.")
                }
            }
            for run in runs {
                run.delete()
                Console.print("\(library.name(of: run)) is deleted")
            }
        }
    }
}

/// Writes what a person says about a run.
private func write(_ note: RunNote, of run: StoredRun) throws {
    do { try run.write(note) } catch { throw Failure(error.description) }
}
