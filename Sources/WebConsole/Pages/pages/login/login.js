// Who is it? Only servers that ask need this page.

import { api } from "../../lib/api.js";
import { h, stylesheet } from "../../lib/dom.js";
import { form, textField } from "../../components/form.js";
import { showSession } from "../../components/layout.js";

export default async function page({ query, navigate }) {
  await stylesheet(import.meta.url, "./login.css");
  const body = form(
    {
      label: "Log in",
      submit: async ({ email, password }) => {
        await api.post("/twinlog/v1/sessions", { email, password, cookie: true });
        showSession(true);
        navigate(target(query.get("next")), { replace: true });
      },
    },
    textField({ name: "email", label: "E-mail", type: "email", required: true, autocomplete: "username" }),
    textField({ name: "password", label: "Password", type: "password", required: true, autocomplete: "current-password" }),
  );
  return h("div", { class: "page" }, h("section", { class: "card login" }, h("h1", {}, "Log in"), body));
}

/** Only an address of this console: nobody is sent elsewhere after the log-in. */
function target(next) {
  if (!next?.startsWith("/") || next.startsWith("//")) return "/";
  const address = new URL(next, location.origin);
  return address.origin === location.origin ? address.pathname + address.search : "/";
}
