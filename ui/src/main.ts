import "@fontsource-variable/inter";
import { mount } from "svelte";
import Root from "./views/Root.svelte";
import { chooseTripchat } from "./ipc/choose";
import { App } from "./state/app.svelte";
import "./styles/tokens.css";
import "./styles/hues.css";
import "./styles/base.css";

const target = document.getElementById("app");
if (!target) throw new Error("the page has no #app");
mount(Root, { target, props: { app: new App(await chooseTripchat()) } });
