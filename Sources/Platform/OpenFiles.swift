internal import CLinux

/// Raises the soft limit of open files to the hard one, but not beyond this number (setrlimit(2)).
package func raiseOpenFiles(atMost most: Int = .max) { _ = clinux_raise_files(most) }
