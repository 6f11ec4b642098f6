package io.egressgateway.node.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.tls.CertificateAuthority;
import io.egressgateway.core.tls.TlsCredentials;
import io.egressgateway.core.tls.TlsFiles;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Makes a key and a certificate for the agent of one node, before the agent starts. Exit code 1 on
 * failure, 2 on wrong usage.
 */
@Command(
    name = "egressgateway certificate",
    description = "Makes the key and the certificate of one node's agent, signed by an authority.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class CertificateMain implements Callable<Integer> {
  /** Clocks of nodes differ. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private static final int SERIAL_BITS = 120;
  private static final int PEM_LINE = 64;

  @Option(
      names = "--node",
      paramLabel = "NAME",
      required = true,
      description = "Name of the node in Kubernetes.")
  private @Nullable NodeName node;

  @Option(
      names = "--ca-dir",
      paramLabel = "DIR",
      defaultValue = "/etc/egressgateway/ca",
      description =
          "Folder of tls.crt and tls.key, the authority's (default: ${DEFAULT-VALUE}). With ca.crt"
              + " there, too, that is what the agent will trust.")
  private Path authority = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "/etc/egressgateway/tls",
      description =
          "Where ca.crt, agent.crt and agent.key are written (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("");

  private final Clock clock;

  CertificateMain(Clock clock) {
    this.clock = clock;
  }

  /** Ends the process with the exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine(new CertificateMain(Clock.systemUTC())).execute(arguments));
  }

  static CommandLine commandLine(CertificateMain main) {
    return new CommandLine(main).registerConverter(NodeName.class, new NodeNameConverter());
  }

  @Override
  public Integer call() {
    if (node == null) {
      throw new IllegalStateException("picocli lets nobody leave --node out");
    }
    try {
      issue(node);
      return CommandLine.ExitCode.OK;
    } catch (IOException | GeneralSecurityException failure) {
      System.err.println("egressgateway certificate: " + failure.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private void issue(NodeName name) throws IOException, GeneralSecurityException {
    Path own = authority.resolve("tls.crt");
    Path given = authority.resolve("ca.crt");
    Path trusted = Files.isReadable(given) ? given : own;
    TlsCredentials credentials =
        TlsCredentials.read(new TlsFiles(trusted, own, authority.resolve("tls.key")));
    X509Certificate issuer = credentials.chain().getFirst();
    Instant now = clock.instant();
    Instant until = issuer.getNotAfter().toInstant();
    if (!until.isAfter(now) || issuer.getBasicConstraints() < 0) {
      throw new IOException(
          own
              + " is no certificate of an authority that is good now (CA: "
              + (issuer.getBasicConstraints() >= 0)
              + ", until "
              + until
              + "); renew the secret that it comes from");
    }
    KeyPair pair = newKey();
    X509Certificate certificate =
        new CertificateAuthority(credentials)
            .client(
                "egressgateway-agent:" + name,
                name + ".agent.egressgateway",
                pair.getPublic(),
                new CertificateAuthority.Terms(
                    new BigInteger(SERIAL_BITS, new SecureRandom()), now.minus(SKEW), until));
    TlsFiles files = TlsFiles.in(out, "agent");
    Files.createDirectories(out);
    Files.copy(trusted, files.ca(), StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(
        files.certificate(),
        pem("CERTIFICATE", certificate.getEncoded()) + Files.readString(own, US_ASCII),
        US_ASCII);
    writeSecret(files.key(), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
  }

  private static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  /** Nobody may read it, not even while it is being written. */
  private static void writeSecret(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        .close();
    Files.writeString(file, text, US_ASCII);
  }

  private static String pem(String label, byte[] der) {
    String body = Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  private static final class NodeNameConverter implements ITypeConverter<NodeName> {
    @Override
    public NodeName convert(String text) {
      try {
        return new NodeName(text);
      } catch (IllegalArgumentException unusable) {
        throw new TypeConversionException(String.valueOf(unusable.getMessage()));
      }
    }
  }
}
