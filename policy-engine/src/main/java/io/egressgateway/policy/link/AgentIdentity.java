package io.egressgateway.policy.link;

import io.egressgateway.core.model.NodeName;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Which node a client certificate speaks for. */
final class AgentIdentity {
  private static final String COMMON_NAME_PREFIX = "egressgateway-agent:";
  private static final String DNS_SUFFIX = ".agent.egressgateway";
  private static final int SAN_DNS = 2;

  private AgentIdentity() {}

  /**
   * Whether the certificate is the agent's of this node. A node name may be longer than a common
   * name, so that the alternative name counts too.
   */
  static boolean speaksFor(X509Certificate certificate, NodeName node) {
    return commonName(certificate).filter((COMMON_NAME_PREFIX + node)::equals).isPresent()
        || dnsNames(certificate).contains(node + DNS_SUFFIX);
  }

  /** For messages: what the certificate says of itself. */
  static String describe(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  private static Optional<String> commonName(X509Certificate certificate) {
    try {
      return new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
              .map(Rdn::getValue)
              .map(String::valueOf)
              .findFirst();
    } catch (InvalidNameException malformed) {
      return Optional.empty();
    }
  }

  private static List<String> dnsNames(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .filter(name -> name.getFirst().equals(SAN_DNS))
              .map(name -> String.valueOf(name.get(1)))
              .toList();
    } catch (CertificateParsingException malformed) {
      return List.of();
    }
  }
}
