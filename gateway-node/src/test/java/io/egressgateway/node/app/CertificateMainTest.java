package io.egressgateway.node.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.tls.CertificateNames;
import io.egressgateway.core.tls.TlsCredentials;
import io.egressgateway.core.tls.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The authority has a key of the form that Helm gives to those it makes. */
class CertificateMainTest {
  private static final Instant GOOD = Instant.parse("2030-01-01T00:00:00Z");

  @TempDir private Path directory;

  @BeforeEach
  void giveAuthority() throws IOException {
    for (String name : new String[] {"tls.crt", "tls.key"}) {
      try (InputStream from = CertificateMainTest.class.getResourceAsStream(name)) {
        if (from == null) {
          throw new IOException("no test resource " + name);
        }
        Files.copy(from, directory.resolve(name));
      }
    }
  }

  @Test
  void anAgentGetsACertificateOfItsNode() throws Exception {
    assertThat(run(GOOD, "--node", "node-1")).isZero();
    TlsFiles files = TlsFiles.in(directory.resolve("out"), "agent");
    TlsCredentials credentials = TlsCredentials.read(files);
    credentials.chain().getFirst().verify(credentials.trusted().getFirst().getPublicKey());
    assertThat(CertificateNames.of(credentials.chain().getFirst()).dnsNames())
        .containsExactly("node-1.agent.egressgateway");
    assertThat(credentials.chain()).hasSize(2);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.key())))
        .isEqualTo("rw-------");
  }

  @Test
  void aSecondStartReplacesTheFirstKey() throws Exception {
    TlsFiles files = TlsFiles.in(directory.resolve("out"), "agent");
    assertThat(run(GOOD, "--node", "node-1")).isZero();
    String first = Files.readString(files.key());
    assertThat(run(GOOD, "--node", "node-1")).isZero();
    assertThat(Files.readString(files.key())).isNotEqualTo(first);
    assertThat(TlsCredentials.read(files).keyManager()).isNotNull();
  }

  @Test
  void anAuthorityThatHasEndedSignsNothing() throws Exception {
    assertThat(run(Instant.parse("2500-01-01T00:00:00Z"), "--node", "node-1")).isEqualTo(1);
    assertThat(directory.resolve("out")).doesNotExist();
  }

  @Test
  void aNameThatNoNodeHasIsWrongUsage() {
    assertThat(run(GOOD, "--node", "Not/A/Node")).isEqualTo(2);
  }

  private int run(Instant now, String... arguments) {
    String[] all = new String[arguments.length + 4];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--ca-dir";
    all[arguments.length + 1] = directory.toString();
    all[arguments.length + 2] = "--out";
    all[arguments.length + 3] = directory.resolve("out").toString();
    return CertificateMain.commandLine(new CertificateMain(Clock.fixed(now, ZoneOffset.UTC)))
        .execute(all);
  }
}
