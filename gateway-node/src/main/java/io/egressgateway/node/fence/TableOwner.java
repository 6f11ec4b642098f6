package io.egressgateway.node.fence;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which process a netlink socket belongs to, for an error message: the kernel names a table's owner
 * by the socket's port id only.
 */
final class TableOwner {
  private static final Path PROC = Path.of("/proc");
  private static final String NETFILTER = "12";
  private static final int PROTOCOL_COLUMN = 1;
  private static final int PORT_COLUMN = 2;
  private static final int INODE_COLUMN = 9;

  private TableOwner() {}

  /** As {@code process 4711 (java), netlink port 4711}; without the process if it is not seen. */
  static String describe(int port) {
    String unsigned = Integer.toUnsignedString(port);
    try {
      Optional<String> process = inode(unsigned).flatMap(TableOwner::holder);
      return process.map(name -> name + ", ").orElse("") + "netlink port " + unsigned;
    } catch (IOException unreadable) {
      return "netlink port " + unsigned;
    }
  }

  private static Optional<String> inode(String port) throws IOException {
    return Files.readAllLines(PROC.resolve("thread-self/net/netlink")).stream()
        .map(line -> line.strip().split("\\s+"))
        .filter(row -> row.length > INODE_COLUMN)
        .filter(row -> row[PROTOCOL_COLUMN].equals(NETFILTER) && row[PORT_COLUMN].equals(port))
        .map(row -> row[INODE_COLUMN])
        .findFirst();
  }

  private static Optional<String> holder(String inode) {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, "socket:[" + inode + "]")) {
          String name = Files.readString(process.resolve("comm")).strip();
          return Optional.of("process " + process.getFileName() + " (" + name + ")");
        }
      }
    } catch (IOException gone) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static boolean holds(Path process, String socket) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (Files.readSymbolicLink(descriptor).toString().equals(socket)) {
          return true;
        }
      }
      return false;
    } catch (IOException goneOrForbidden) {
      return false;
    }
  }
}
