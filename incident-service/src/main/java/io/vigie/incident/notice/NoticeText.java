package io.vigie.incident.notice;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.qute.Engine;
import io.vigie.incident.notice.NoticeTemplate.Language;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Writes mails. */
@ApplicationScoped
class NoticeText {

  record Mail(String subject, String text) {}

  private final Engine engine;
  private final String console;

  NoticeText(Engine engine, @ConfigProperty(name = "vigie.console-url") String console) {
    this.engine = engine;
    this.console = console;
  }

  /**
   * What the notice says.
   *
   * @param language the tag of the reader's language; where nothing is written in it, or it is
   *     null, the mail is in all languages, one below the other
   */
  Mail of(Notice notice, String language) {
    NoticeTemplate template = NoticeTemplate.read(notice.template());
    List<Language> languages =
        Stream.of(Language.values()).filter(known -> known.tag().equals(language)).toList();
    return of(
        template,
        notice.parameters(),
        languages.isEmpty() ? List.of(Language.values()) : languages);
  }

  private Mail of(
      NoticeTemplate template, Map<String, String> parameters, List<Language> languages) {
    return new Mail(
        languages.stream()
            .map(each -> filled(template.subject(), template, parameters, each))
            .collect(Collectors.joining(" / ")),
        languages.stream()
            .map(each -> filled(template.text(), template, parameters, each))
            .collect(Collectors.joining("\n-- \n\n")));
  }

  private String filled(
      Map<String, String> texts,
      NoticeTemplate template,
      Map<String, String> parameters,
      Language language) {
    Map<String, Object> data = new HashMap<>(template.written(parameters, language));
    data.put("console", console);
    return engine.parse(texts.get(language.tag())).data(data).render();
  }
}
