package io.egressgateway.load.bench.netlink;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs that benchmarks compare with. */
public enum DebianTool {
  IP("ip", "iproute2"),
  NFT("nft", "nftables"),
  IPSET("ipset", "ipset"),
  /** With iptables-restore. */
  IPTABLES("iptables", "iptables"),
  NSENTER("nsenter", "util-linux"),
  /** Does nothing: what starting any program costs. */
  TRUE("true", "coreutils");

  private final String program;
  private final String debianPackage;

  DebianTool(String program, String debianPackage) {
    this.program = program;
    this.debianPackage = debianPackage;
  }

  /** Where it is, PATH first; sudo's PATH may lack the directories of administration. */
  public Optional<ForkedTool> find() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(Stream.of(path.split(":", -1)), Stream.of("/usr/sbin", "/sbin"))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .map(ForkedTool::new)
        .findFirst();
  }

  /** What to do about those of these that are not there; empty if all are. */
  public static Optional<String> missing(DebianTool... needed) {
    return Arrays.stream(needed)
        .filter(tool -> tool.find().isEmpty())
        .map(DebianTool::remedy)
        .reduce((first, second) -> first + " " + second);
  }

  /**
   * As {@link #find}.
   *
   * @throws IllegalStateException if it is not installed, with the remedy
   */
  ForkedTool require() {
    return find().orElseThrow(() -> new IllegalStateException(remedy()));
  }

  /** What to do if it is missing. */
  public String remedy() {
    return "'%s' is not installed: install the Debian package '%s'."
        .formatted(program, debianPackage);
  }
}
