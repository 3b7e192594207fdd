package io.vigie.incident.notice;

import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.mailer.Mail;
import io.quarkus.mailer.reactive.ReactiveMailer;
import io.smallrye.mutiny.Uni;
import io.vigie.incident.notice.Addressees.Addressee;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * By mail. Whenever it is sent again, a mail has the same {@code Message-ID} (RFC 5322, 3.6.4), by
 * which mailboxes know a repetition.
 */
@ApplicationScoped
class MailDelivery implements Delivery {

  private final NoticeText texts;
  private final NoticeSettings settings;
  private final ReactiveMailer mailer;
  private final String domain;

  MailDelivery(
      NoticeText texts,
      NoticeSettings settings,
      ReactiveMailer mailer,
      @ConfigProperty(name = "quarkus.mailer.from") String from) {
    this.texts = texts;
    this.settings = settings;
    this.mailer = mailer;
    this.domain = from.replaceFirst(".*@", "").replace(">", "");
  }

  @Override
  public Channel channel() {
    return Channel.MAIL;
  }

  @Override
  public Uni<Void> deliver(Notice notice, Addressee person) {
    List<String> to = new ArrayList<>();
    if (person != null) {
      to.add(person.email());
    }
    if (notice.role() != null) {
      String mailbox = settings.mailboxes().get(notice.role());
      if (mailbox == null) {
        String setting = "vigie.notices.mailboxes." + notice.role();
        throw new IllegalStateException("no mailbox of the role: set " + setting);
      }
      to.add(mailbox);
    }
    NoticeText.Mail written = texts.of(notice, notice.role() == null ? person.language() : null);
    return mailer.send(
        new Mail()
            .setTo(to)
            .setSubject(written.subject())
            .setText(written.text())
            .addHeader("Message-ID", "<notification." + notice.id() + "@" + domain + ">"));
  }
}
