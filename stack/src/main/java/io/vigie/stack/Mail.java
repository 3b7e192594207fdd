package io.vigie.stack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The mail sink as a process: SMTP on one port, what arrived on the other. */
final class Mail implements Component {
  static final String NAME = "mail";

  private final Site site;
  private final int smtp;
  private final int web;

  Mail(Site site) {
    this.site = site;
    this.smtp = site.port(1025);
    this.web = site.port(8025);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Integer> ports() {
    return List.of(smtp, web);
  }

  @Override
  public List<String> needs() {
    return List.of();
  }

  @Override
  public String address() {
    return site.url(web);
  }

  @Override
  public void prepare(Progress progress) {
    // It keeps nothing: what it received is gone when it stops.
  }

  @Override
  public ProcessBuilder command() throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-Xmx64m",
                "-cp",
                Tool.classpath(site, NAME),
                MailSink.class.getName(),
                Integer.toString(smtp),
                Integer.toString(web)));
    if (site.tls().used()) {
      arguments.add(site.tls().certificate(NAME).toString());
      arguments.add(site.tls().key(NAME).toString());
    }
    return Tool.java(arguments);
  }

  @Override
  public void probe() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(Site.LOOPBACK, smtp), 1_000);
      socket.setSoTimeout(1_000);
      String greeting =
          new String(socket.getInputStream().readNBytes(3), StandardCharsets.US_ASCII);
      if (!greeting.equals("220")) {
        throw new IOException("SMTP greets with " + greeting);
      }
    }
    Http.get(URI.create(address() + "/api/messages"));
  }
}
