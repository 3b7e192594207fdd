package io.vigie.incident.monitor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The authorities that certificates must lead to: those of the JDK, and the configured ones. */
final class TrustAnchors {

  private final List<X509Certificate> certificates;

  TrustAnchors(Collection<X509Certificate> certificates) {
    this.certificates = List.copyOf(certificates);
  }

  /**
   * Those of the JDK and those of {@code file}.
   *
   * @param file of certificates in PEM (RFC 7468), or empty
   * @throws IllegalStateException where the file holds none
   */
  static TrustAnchors of(Optional<String> file) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      List<X509Certificate> all = new ArrayList<>();
      for (TrustManager trust : factory.getTrustManagers()) {
        if (trust instanceof X509TrustManager known) {
          all.addAll(List.of(known.getAcceptedIssuers()));
        }
      }
      if (file.isPresent()) {
        try (InputStream in = Files.newInputStream(Path.of(file.get()))) {
          for (Certificate each :
              CertificateFactory.getInstance("X.509").generateCertificates(in)) {
            all.add((X509Certificate) each);
          }
        }
      }
      return new TrustAnchors(all);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(
          "vigie.monitors.trust-anchors: certificates in PEM cannot be read", e);
    }
  }

  /** The one that issued {@code certificate}, or null. */
  X509Certificate issuerOf(X509Certificate certificate) {
    return certificates.stream()
        .filter(anchor -> ServedChain.isIssuedBy(certificate, anchor))
        .findFirst()
        .orElse(null);
  }

  /** For connections whose other end must show a certificate that leads to one of these. */
  SSLContext context() {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (X509Certificate certificate : certificates) {
        store.setCertificateEntry(Integer.toString(store.size()), certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
