package io.vigie.incident.monitor;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The certificates that a server shows, its own first. */
final class ServedChain {

  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;
  private static final int LONGEST = 10;

  private final List<X509Certificate> served;

  /**
   * @param served at least one
   */
  ServedChain(List<X509Certificate> served) {
    this.served = List.copyOf(served);
  }

  Instant expiresAt() {
    return own().getNotAfter().toInstant();
  }

  private X509Certificate own() {
    return served.get(0);
  }

  /** Adds what is wrong with them for {@code host} at {@code now}. Revocation is not asked for. */
  void judge(
      String host,
      TrustAnchors anchors,
      TlsGrades grades,
      Instant now,
      Map<TlsFinding, String> findings) {
    Instant begin = own().getNotBefore().toInstant();
    Instant end = expiresAt();
    if (end.isBefore(now)) {
      findings.put(TlsFinding.EXPIRED, "since " + end);
    } else if (begin.isAfter(now)) {
      findings.put(TlsFinding.NOT_YET_VALID, "from " + begin);
    } else if (end.isBefore(now.plus(grades.expiresSoon()))) {
      findings.put(TlsFinding.EXPIRES_SOON, "at " + end);
    }
    if (!names().stream().anyMatch(name -> isNameOf(name, host))) {
      findings.put(TlsFinding.WRONG_NAME, "it is for " + names());
    }
    // Whether it leads to an authority is another matter than whether its time is over.
    Instant valid = end.isBefore(now) ? end : begin.isAfter(now) ? begin : now;
    judgeTrust(anchors, Date.from(valid), findings);
    judgeStrength(grades, findings);
  }

  private void judgeTrust(TrustAnchors anchors, Date at, Map<TlsFinding, String> findings) {
    List<X509Certificate> path = new ArrayList<>(List.of(own()));
    while (path.size() <= LONGEST) {
      X509Certificate last = path.get(path.size() - 1);
      X509Certificate anchor = anchors.issuerOf(last);
      if (anchor != null) {
        validate(path, anchor, at, findings);
        return;
      }
      if (isIssuedBy(last, last)) {
        findings.put(
            path.size() == 1 ? TlsFinding.SELF_SIGNED : TlsFinding.UNTRUSTED_ROOT, subject(last));
        return;
      }
      X509Certificate issuer =
          served.stream()
              .filter(other -> !path.contains(other) && isIssuedBy(last, other))
              .findFirst()
              .orElse(null);
      if (issuer == null) {
        findings.put(
            TlsFinding.INCOMPLETE_CHAIN,
            "neither sent nor trusted: " + last.getIssuerX500Principal().getName());
        return;
      }
      path.add(issuer);
    }
    findings.put(TlsFinding.CHAIN_INVALID, "more than " + LONGEST + " certificates");
  }

  private static void validate(
      List<X509Certificate> path,
      X509Certificate anchor,
      Date at,
      Map<TlsFinding, String> findings) {
    try {
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(at);
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    } catch (GeneralSecurityException e) {
      findings.put(TlsFinding.CHAIN_INVALID, String.valueOf(e.getMessage()));
    }
  }

  private void judgeStrength(TlsGrades grades, Map<TlsFinding, String> findings) {
    PublicKey key = own().getPublicKey();
    if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < grades.rsaBits()) {
      findings.put(TlsFinding.WEAK_KEY, "RSA with " + rsa.getModulus().bitLength() + " bits");
    }
    if (key instanceof ECPublicKey curve
        && curve.getParams().getOrder().bitLength() < grades.ellipticBits()) {
      findings.put(
          TlsFinding.WEAK_KEY,
          "a curve with " + curve.getParams().getOrder().bitLength() + " bits");
    }
    served.stream()
        .filter(certificate -> !isIssuedBy(certificate, certificate)) // nobody checks those
        .map(X509Certificate::getSigAlgName)
        .filter(name -> name.toUpperCase(Locale.ROOT).matches("(MD[25]|SHA-?1)WITH.*"))
        .findFirst()
        .ifPresent(name -> findings.put(TlsFinding.WEAK_SIGNATURE, name));
  }

  /** Of the certificate: host names, and addresses. The common name is none (RFC 9525). */
  private List<String> names() {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> all = own().getSubjectAlternativeNames();
      for (List<?> name : all == null ? List.<List<?>>of() : all) {
        int type = (Integer) name.get(0);
        if (type == DNS_NAME || type == IP_ADDRESS) {
          names.add((String) name.get(1));
        }
      }
    } catch (CertificateParsingException e) {
      return List.of();
    }
    return names;
  }

  /** RFC 9525, section 6.3: a star stands for the whole of the first label, and for one. */
  static boolean isNameOf(String name, String host) {
    if (host.contains(":") || host.matches("[0-9.]+")) {
      return isSameAddress(name, host);
    }
    String presented = name.toLowerCase(Locale.ROOT);
    String wanted = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    if (!presented.startsWith("*.")) {
      return presented.equals(wanted);
    }
    int dot = wanted.indexOf('.');
    return dot > 0
        && wanted.indexOf('.', dot + 1) > 0
        && presented.substring(1).equals(wanted.substring(dot));
  }

  private static boolean isSameAddress(String name, String host) {
    try {
      return name.matches("[0-9A-Fa-f.:]+")
          && InetAddress.getByName(name).equals(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
    if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      return false;
    }
    try {
      certificate.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String subject(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }
}
