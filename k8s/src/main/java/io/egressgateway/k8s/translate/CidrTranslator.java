package io.egressgateway.k8s.translate;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads lists of CIDRs and addresses; blocks that overlap or have host bits are flattened. */
final class CidrTranslator {

  /** As many as fit into an ipset of the ancestor. */
  static final int ITEMS_MAX = 65_536;

  /** Of a list with more bad items the first are told; nobody corrects more at once. */
  static final int VIOLATIONS_MAX = 10;

  private static final Cidr IPV4_MAPPED = Cidr.of("::ffff:0:0/96");

  private CidrTranslator() {}

  /** The addresses of the list; what is wrong with it in {@code violations}. */
  static CidrSet read(String field, @Nullable List<String> list, List<Violation> violations) {
    List<String> items = Texts.items(list);
    if (items.size() > ITEMS_MAX) {
      violations.add(tooMany(field, items.size() + " items"));
      return CidrSet.empty();
    }
    List<Cidr> cidrs = new ArrayList<>(items.size());
    int bad = 0;
    for (int i = 0; i < items.size(); i++) {
      String item = items.get(i);
      Optional<Cidr> cidr = Cidr.parseCidrOrAddress(item);
      if (cidr.isPresent() && !IPV4_MAPPED.contains(cidr.get())) {
        cidrs.add(cidr.get());
      } else if (++bad <= VIOLATIONS_MAX) {
        violations.add(badItem(field + "[" + i + "]", item, cidr));
      }
    }
    if (bad > VIOLATIONS_MAX) {
      violations.add(
          new Violation(
              field,
              "",
              (bad - VIOLATIONS_MAX) + " more items are neither a CIDR nor an address",
              "correct them, too"));
    }
    return CidrSet.of(cidrs);
  }

  private static Violation badItem(String field, String item, Optional<Cidr> cidr) {
    return cidr.isPresent()
        ? new Violation(
            field,
            item,
            "an IPv4 address in IPv6 form is on no packet",
            "write it as an IPv4 address or CIDR")
        : new Violation(
            field, item, "neither a CIDR nor an address", "write a CIDR such as 10.6.1.92/32");
  }

  /** What a list is refused with that is too long, or becomes so when it is flattened. */
  static Violation tooMany(String field, String count) {
    return new Violation(
        field,
        count,
        "a list may have at most " + ITEMS_MAX,
        "join neighbouring blocks to larger ones");
  }
}
