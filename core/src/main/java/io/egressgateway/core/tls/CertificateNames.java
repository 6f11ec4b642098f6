package io.egressgateway.core.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * What a certificate says of its owner.
 *
 * @param commonName of the subject; one that cannot be read counts as none
 * @param dnsNames alternative names, as they stand in the certificate
 */
public record CertificateNames(Optional<String> commonName, List<String> dnsNames) {
  private static final int SAN_DNS = 2;

  /** Makes the list immutable. */
  public CertificateNames {
    dnsNames = List.copyOf(dnsNames);
  }

  /** The names in this certificate, which somebody else has verified. */
  public static CertificateNames of(X509Certificate certificate) {
    return new CertificateNames(commonName(certificate), dnsNames(certificate));
  }

  /** Whether either is this name. A name too long for a common name may stand as the other. */
  public boolean has(String wantedCommonName, String wantedDnsName) {
    return commonName.filter(wantedCommonName::equals).isPresent()
        || dnsNames.contains(wantedDnsName);
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
